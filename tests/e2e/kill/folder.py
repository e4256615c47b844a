"""The shop in which tills are killed: founded as a real one, opened with the real adapters.

Decides what is not real: PINs hash quickly, and the signing key lies in the shop's own folder.
"""

from pathlib import Path

import msgspec

from pos_app.domain.staff import Role
from pos_app.hardware.clock import SystemClock, SystemIds
from pos_app.persistence.database import open_store
from pos_app.persistence.secrets import AesCipher, Ed25519Verifier, TillSigner
from pos_app.services.founding import FoundingTools, found_shop, new_settings
from pos_app.services.sealing import Sealer
from tests.support.bootstrap import QuickPins
from tests.support.shop_on_disk import CASHIER_PIN, DATABASE, MANAGER_PIN, OWNER_PIN, goods, shop_of


def tools_of(folder: Path) -> FoundingTools:
    """Return the real clock, ids, sealing and signing, and the quick PINs."""
    return FoundingTools(
        clock=SystemClock(),
        ids=SystemIds(),
        hasher=QuickPins(),
        sealer=Sealer(AesCipher()),
        signer=TillSigner(folder / "keys", use_key_store=False),
        verifier=Ed25519Verifier(),
    )


def found(folder: Path, printer: str) -> None:
    """Found the shop with its goods, an owner (1), a manager (2) and a cashier (3), and a printer setting."""
    folder.mkdir(parents=True)
    tools = tools_of(folder)
    store = open_store(folder / DATABASE)
    settings = msgspec.structs.replace(new_settings(tools.ids, "熟客测试店"), printer=printer, paper_mm=58)
    owner = found_shop(store, settings, ("1", "陈老板", OWNER_PIN), tools)
    shop = shop_of(store, tools)
    for code, name, role, pin in (
        ("2", "王店长", Role.MANAGER, MANAGER_PIN),
        ("3", "小李", Role.CASHIER, CASHIER_PIN),
    ):
        shop.staff.save(owner, shop.staff.new_staff(code, name, role), pin)
    shop.catalogue.take_in(owner, "test", goods(tools.ids))  # type: ignore[arg-type]
    store.close()
