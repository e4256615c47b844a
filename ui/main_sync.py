"""The composition root's half for sync: puts sync of a till together, and hands its screens what they need of it.

Decides which adapters stand behind sync's ports. Loaded when a till or a command wants sync, and not before.
"""

import sys
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from pos_app.hardware.clock import SystemStopwatch
from pos_app.hardware.folder_lock import folder_lock
from pos_app.persistence.secrets import Ed25519Verifier, TokenKeeper, uses_key_store
from pos_app.services.founding import FoundingTools
from pos_app.services.shop import Shop
from sync.client.filling_crew import ProcessCrew
from sync.client.till import SyncOutside, TillSync, make_sync

if TYPE_CHECKING:
    from ui.main import Home

FILLING_CHILD = "ui.cli.filling_child"


def sync_of(
    place: "Home", shop: Shop, tools: FoundingTools, on_bug: Callable[[Exception], object]
) -> TillSync:
    """Return sync of a shop's till, at rest; `on_bug` is told of what broke, on a thread of its own."""

    def reload() -> None:
        with shop.store.read() as tx:
            settings = tx.settings.load()
        if settings is not None:
            shop.current.value = settings

    return make_sync(
        SyncOutside(
            store=shop.store,
            settings=lambda: shop.current.value,
            clock=tools.clock,
            stopwatch=SystemStopwatch(),
            ids=tools.ids,
            signer=tools.signer,
            verifier=Ed25519Verifier(),
            tokens=TokenKeeper(place.keys, use_key_store=uses_key_store()),
            lock=partial(folder_lock, place.sync_lock),
            on_bug=on_bug,
            folder=place.folder,
            crew=lambda: ProcessCrew((sys.executable, "-m", FILLING_CHILD)),
            adopt_shop=shop.settings.adopt_shop,
            remember=shop.settings.remember_platform,
            on_settings=reload,
        )
    )
