"""What commands say when something stands in their way: an import beside a restore, a stick that cannot be written."""

import errno
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from pos_app.domain.errors import StorageFullError
from pos_app.domain.imports.kinds import Kind
from pos_app.hardware.folder_lock import folder_lock
from pos_app.services.acting import Actor
from pos_app.services.imports.values import Progress, Stage, Watcher
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


def test_a_backup_that_cannot_be_written_names_the_stick_and_not_the_data_folder(
    run: Run, busy: DiskShop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "stick").write_text("no folder")
    target = tmp_path / "stick" / "b.zip"
    code, out, err = run("backup", target)
    assert code == 1 and out == "" and err.startswith(f"不能写入 {target}，没有备份。")

    def write_protected(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr("pos_app.persistence.backups.TemporaryDirectory", write_protected)
    code, out, err = run("backup", tmp_path / "b.zip")
    assert code == 1 and "U 盘" in err and "数据文件夹" not in err and len(err.splitlines()) == 1


def test_a_full_stick_is_named_too(
    run: Run, busy: DiskShop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StorageFullError

    monkeypatch.setattr("pos_app.persistence.store.SqlStore.copy_to", full)
    code, _, err = run("backup", tmp_path / "b.zip")
    assert code == 1 and "磁盘已满" in err and str(tmp_path / "b.zip") in err


def test_a_restore_over_records_that_are_no_sales_says_how_many_and_when(
    run: Run, busy: DiskShop, made: Path
) -> None:
    shop = busy.reopened()
    for number in range(2):
        shop.sign_up(f"1390000000{number}")
    shop.store.close()
    code, _, err = run("restore", made)
    assert code == 1 and "2 条其他记录" in err and "最近一条在 2026-11-22 12:00" in err
    assert "0 笔" not in err and "--force" in err


def test_the_doctor_does_not_call_a_half_finished_import_well(
    run: Run, busy: DiskShop, tmp_path: Path
) -> None:
    assert "✓ 导入: 没有未完成的" in run("doctor")[1]
    (tmp_path / "members.csv").write_text(MEMBERS, "utf-8")
    shop = busy.reopened()

    def cut(told: Progress) -> None:
        if told.stage is Stage.STAGING:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        opened = shop.shop.imports.open(tmp_path / "members.csv", Kind.MEMBERS)
        shop.shop.imports.run(shop.owner, opened, Watcher(progress=cut))
    shop.store.close()
    code, out, _ = run("doctor")
    assert code == 0 and "! 导入: “members.csv”在 2026-11-22 12:00 开始，没有做完" in out
    assert out.splitlines()[-1] == "没有故障，有 1 处请留意（标 !）。"
    with folder_lock(busy.folder / "import.lock"):
        assert "✓ 导入: 正在导入“members.csv”" in run("doctor")[1]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["import", "会员", "x.csv"], "shuke import：KIND：没有“会员”，可以写：'catalogue', "),
        (["export", "nope", "x.csv"], "shuke export：KIND：没有“nope”，可以写："),
        (["nope"], "没有“nope”，可以写：'till', 'verify', "),
        (["backup"], "shuke backup：还缺：FILE"),
        (["sync"], "shuke sync：要写其中之一：--once --status"),
        (["sync", "--once", "--status"], "shuke sync：--status：不能与 --once 同时写"),
        (["report", "sales", "--from", "昨天"], "shuke report：--from：“昨天”不能用在这里"),
        (["verify", "--z"], "shuke verify：--z：后面还缺一个值"),
        (["restore", "x.zip", "--now"], "shuke：看不懂：--now"),
        (["till", "--demo=yes"], "shuke till：--demo：后面不能有 yes"),
    ],
)
def test_a_chinese_shop_is_told_in_chinese_what_is_wrong_with_a_command(
    run: Run, busy: DiskShop, words: list[str], said: str
) -> None:
    code, out, err = run(*words)
    assert code == 2 and out == "" and err.startswith("用法：shuke")
    assert said in err.splitlines()[-1]
    english = ("usage", "argument", "invalid", "choose", "required", "expected", "error", "unrecognized")
    assert not [word for word in english if word in err]


def test_the_help_of_a_command_speaks_one_language(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    out = run("import", "--help")[1]
    assert "用法：" in out and "显示这段说明" in out and "show this help" not in out
