"""The composition root: opens a data folder and puts store, services, devices and windows together.

Decides which adapter stands behind each port. Loads no Qt before a window is asked for.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from pos_app.domain.errors import ExpectedError
from pos_app.hardware.clock import SystemClock, SystemIds
from pos_app.persistence.database import open_store
from pos_app.persistence.secrets import AesCipher, Argon2Hasher, TillSigner
from pos_app.persistence.store import SqlStore
from pos_app.services.founding import FoundingTools
from pos_app.services.sealing import Sealer
from pos_app.services.shop import Shop, make_shop

DATABASE = "shop.db"


class NotFoundedError(ExpectedError):
    """The data folder is no shop yet; open the till once to set it up."""

    code = "settings.error.not_founded"


@dataclass(frozen=True, slots=True)
class Home:
    """A data folder and what stands in it."""

    folder: Path

    @property
    def database(self) -> Path:
        """The till's database."""
        return self.folder / DATABASE

    @property
    def keys(self) -> Path:
        """Where the signing key is, when the system has no key store."""
        return self.folder / "keys"

    @property
    def logs(self) -> Path:
        """Where crash reports go."""
        return self.folder / "logs"

    @property
    def lock(self) -> Path:
        """The file that says which till has the folder open."""
        return self.folder / "till.lock"


def home() -> Home:
    """Return the data folder: SHUKE_HOME, or the system's place for a user's data."""
    named = os.environ.get("SHUKE_HOME")
    if named:
        return Home(Path(named).expanduser().resolve())
    import platformdirs

    return Home(Path(platformdirs.user_data_dir("shuke", appauthor=False)))


def tools_of(place: Home) -> FoundingTools:
    """Return the real clock, ids, hashing, sealing and signing."""
    in_demo = os.environ.get("SHUKE_KEY_STORE", "system")
    return FoundingTools(
        clock=SystemClock(),
        ids=SystemIds(),
        hasher=Argon2Hasher(),
        sealer=Sealer(AesCipher()),
        signer=TillSigner(place.keys, use_key_store=in_demo == "system"),
    )


def open_shop(place: Home, tools: FoundingTools | None = None) -> Shop:
    """Open the shop of a data folder; raise NotFoundedError when there is none, and what `open_store` raises."""
    if not place.database.exists():
        raise NotFoundedError(folder=str(place.folder))
    store = open_store(place.database)
    return shop_on(store, place, tools)


def shop_on(store: SqlStore, place: Home, tools: FoundingTools | None = None) -> Shop:
    """Return the shop on an open store; raise NotFoundedError when it was not founded."""
    with store.read() as tx:
        settings = tx.settings.load()
    if settings is None:
        store.close()
        raise NotFoundedError(folder=str(place.folder))
    return make_shop(store, settings, tools or tools_of(place))
