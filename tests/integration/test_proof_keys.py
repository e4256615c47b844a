"""A till's signing key may change, but not in silence."""

from pathlib import Path

import msgspec
import pytest

from pos_app.services import shifts
from pos_app.services.shop import make_shop
from tests.support.bootstrap import OneSigner
from tests.support.shop_on_disk import CANDY, DiskShop, shop_on_disk


class OtherSigner(OneSigner):
    """The key of another computer."""

    def __init__(self) -> None:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        super().__init__()
        self._key = Ed25519PrivateKey.from_private_bytes(bytes(32))


def _close_on_another_computer(shop: DiskShop) -> None:
    tools = msgspec.structs.replace(shop.outside.tools, signer=OtherSigner())
    other = make_shop(shop.store, shop.shop.current.value, tools)
    _, totals = other.shifts.x_report()
    other.shifts.close(shop.owner, totals.expected_cash, None)


def test_a_till_on_another_computer_says_that_it_signs_with_another_key(tmp_path: Path) -> None:
    with shop_on_disk(tmp_path) as shop:
        shop.sell(CANDY)
        _close_on_another_computer(shop)
        with shop.store.read() as tx:
            assert tx.journal.count_kinds((0, 0))["till.key_changed"] == 1
        assert shop.verify().findings == []


def test_a_z_signed_with_a_key_that_was_not_announced_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with shop_on_disk(tmp_path) as shop:
        shop.sell(CANDY)
        assert shop.verify().findings == []
        monkeypatch.setattr(shifts, "known_key", lambda tx: OtherSigner().public_key().hex())
        _close_on_another_computer(shop)
        assert [finding.code for finding in shop.verify().findings] == ["proof.key"]
