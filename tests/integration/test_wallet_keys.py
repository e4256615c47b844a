"""Keys of wallets lie sealed in the keys' folder, survive a restart, and are gone when they are to be."""

import stat
import sys
from pathlib import Path

import pytest

from pos_app.domain.sales.tenders import TenderKind
from pos_app.persistence.wallet_keys import FILE, KEY, SealedWalletKeys
from pos_app.services.ports.wallet_keys import KeyPair

PAIR, OTHER = KeyPair("-----PRIVATE-----", "-----PUBLIC-----"), KeyPair("another", "pair")


def keys(folder: Path) -> SealedWalletKeys:
    return SealedWalletKeys(folder / "keys", use_key_store=False)


def test_keys_are_kept_by_wallet_and_read_again_after_a_restart(tmp_path: Path) -> None:
    assert keys(tmp_path).load(TenderKind.ALIPAY) is None
    kept = keys(tmp_path)
    kept.save(TenderKind.ALIPAY, PAIR)
    kept.save(TenderKind.WECHAT_PAY, OTHER)
    assert keys(tmp_path).load(TenderKind.ALIPAY) == PAIR == kept.load(TenderKind.ALIPAY)
    kept.forget(TenderKind.ALIPAY)
    assert kept.load(TenderKind.ALIPAY) is None and keys(tmp_path).load(TenderKind.WECHAT_PAY) == OTHER


def test_the_file_tells_nobody_a_key(tmp_path: Path) -> None:
    keys(tmp_path).save(TenderKind.ALIPAY, PAIR)
    for file in (tmp_path / "keys").iterdir():
        assert b"PRIVATE" not in file.read_bytes()
        if sys.platform != "win32":
            assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("harm", ["key lost", "file cut", "file changed"])
def test_keys_that_cannot_be_read_are_missing_and_can_be_set_anew(tmp_path: Path, harm: str) -> None:
    keys(tmp_path).save(TenderKind.ALIPAY, PAIR)
    file = tmp_path / "keys" / FILE
    if harm == "key lost":
        (tmp_path / "keys" / KEY).unlink()
    elif harm == "file cut":
        file.write_bytes(file.read_bytes()[:20])
    else:
        file.write_bytes(b"x" + file.read_bytes())
    assert keys(tmp_path).load(TenderKind.ALIPAY) is None
    keys(tmp_path).save(TenderKind.ALIPAY, OTHER)
    assert keys(tmp_path).load(TenderKind.ALIPAY) == OTHER
