"""What commands say when something stands in their way: an import beside a restore, a stick that cannot be written."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from pos_app.hardware.folder_lock import folder_lock
from pos_app.services.acting import Actor
from tests.integration.conftest import Run
from tests.support.backups import files_of
from tests.support.shop_on_disk import DiskShop
from ui.cli import signing_in

MEMBERS = "会员姓名,手机号\n王小满,13812345678\n"


@pytest.fixture
def made(run: Run, busy: DiskShop, tmp_path: Path) -> Path:
    """A backup of the busy shop."""
    made = tmp_path / "b.zip"
    assert run("backup", made)[0] == 0
    return made


def test_the_books_are_not_restored_while_an_import_writes_into_them(
    run: Run, busy: DiskShop, made: Path
) -> None:
    before = files_of(busy.folder)["shop.db"]
    with folder_lock(busy.folder / "import.lock"):
        code, out, err = run("restore", made, "--force")
    assert code == 1 and out == "" and err == "已经有一个导入正在进行。请等它结束，或在那边取消。\n"
    assert files_of(busy.folder)["shop.db"] == before
    assert not [name for name in files_of(busy.folder) if "restore" in name or "restoring" in name]
    assert run("restore", made)[0] == 0


def test_an_import_that_had_the_books_open_before_a_restore_writes_nothing_and_says_so(
    run: Run, busy: DiskShop, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "members.csv").write_text(MEMBERS, "utf-8")

    def restored_meanwhile(*_: object) -> Actor:
        assert run("restore", made, "--force")[0] == 0
        return busy.owner

    monkeypatch.setattr(signing_in, "signed_in", restored_meanwhile)
    code, out, err = run("import", "members", tmp_path / "members.csv")
    assert code == 1 and out == "" and "刚从备份恢复" in err and len(err.splitlines()) == 1
    for books in busy.folder.glob("shop.db*"):
        with closing(sqlite3.connect(books)) as connection:
            assert connection.execute("SELECT count(*) FROM import_batch").fetchone() == (0,), books
