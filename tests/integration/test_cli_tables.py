"""What `shuke import` and `shuke export` say of files: where they are not, what is not in them, what was left."""

from pathlib import Path

import pytest

from pos_app.domain.imports.kinds import Kind
from pos_app.services.acting import Actor
from pos_app.services.imports.values import Progress, Stage, Watcher
from tests.integration.conftest import Run
from tests.support.shop_on_disk import DiskShop
from ui.cli import signing_in

MEMBERS = "会员姓名,手机号\n王小满,13812345678\n"


@pytest.fixture(autouse=True)
def _owner(shop: DiskShop, monkeypatch: pytest.MonkeyPatch) -> None:
    def signed_in(*_: object) -> Actor:
        return shop.owner

    monkeypatch.setattr(signing_in, "signed_in", signed_in)


def test_a_file_that_is_not_there_or_is_a_folder_is_told_in_its_own_words(run: Run, tmp_path: Path) -> None:
    assert (
        run("import", "members", tmp_path / "gone.csv")[2] == "没有“gone.csv”这个文件，请核对名称和位置。\n"
    )
    (tmp_path / "folder.csv").mkdir()
    assert (
        run("import", "members", tmp_path / "folder.csv")[2] == "“folder.csv”是文件夹，请选择里面的文件。\n"
    )


def test_a_file_is_exported_as_a_table_or_not_at_all(run: Run, tmp_path: Path) -> None:
    code, out, err = run("export", "members", tmp_path / "x.pdf")
    assert (code, out, err) == (1, "", "“x.pdf”不能写出：只写 .xlsx 和 .csv。\n")
    code, _, err = run("export", "members", tmp_path / "gone" / "x.csv")
    assert code == 1 and err == f"文件夹 {tmp_path / 'gone'} 不存在，“x.csv”没有写出。\n"
    assert not list(tmp_path.glob("x.*"))


def test_nothing_is_written_where_nothing_may_be(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.replace", denied)
    code, _, err = run("export", "catalogue", tmp_path / "x.csv")
    assert code == 1 and err.startswith("这里不能写入“x.csv”") and len(err.splitlines()) == 1


@pytest.mark.parametrize("kind", Kind)
def test_an_export_says_in_a_line_what_the_file_does_not_hold(run: Run, tmp_path: Path, kind: Kind) -> None:
    code, out, _ = run("export", kind, tmp_path / "x.csv")
    assert code == 0
    assert len(out.splitlines()) == 2 and ("不在文件里的：" in out or "不含此后的变动" in out)


def test_a_file_that_brings_nothing_more_says_how_many_rows_cannot_come_in(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "members.csv"
    file.write_text(MEMBERS + "李晓燕,1391\n张三,1392\n", "utf-8")
    assert "已导入" in run("import", "members", file)[1]
    for _ in range(2):
        out = run("import", "members", file)[1]
        assert "没有新内容：能导入的都已经有了，还有 2 行不能导入。" in out
        file.write_text(file.read_text("utf-8") + "\n", "utf-8")
    file.write_text(MEMBERS, "utf-8")
    assert "没有新内容：文件里的都已经有了。" in run("import", "members", file)[1]


def test_an_import_that_is_not_the_latest_is_not_taken_back_and_the_latest_is_named(
    run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "members.csv"
    for number in range(2):
        file.write_text(f"会员姓名,手机号\n王小满,1381234567{number}\n", "utf-8")
        assert run("import", "members", file)[0] == 0
    code, out, err = run("import", "--undo", "1")
    assert (code, out, err) == (1, "", "只能撤销最近一次导入，即第 2 次“members.csv”，不能撤销第 1 次。\n")
    assert run("import", "--undo", "2")[0] == 0


def test_a_file_that_was_changed_after_its_import_was_cut_off_is_told_to_be(
    run: Run, shop: DiskShop, tmp_path: Path
) -> None:
    file = tmp_path / "members.csv"
    file.write_text(MEMBERS, "utf-8")

    def dies(progress: Progress) -> None:
        if progress.stage is Stage.KEYS:
            raise SystemExit

    with pytest.raises(SystemExit):
        shop.shop.imports.run(shop.owner, shop.shop.imports.open(file, Kind.MEMBERS), Watcher(progress=dies))
    file.write_text(MEMBERS + "李晓燕,13912345678\n", "utf-8")
    assert "“members.csv”在第 1 次导入中断后改动过" in run("import", "members", file)[2]
    other = tmp_path / "other.csv"
    other.write_text(MEMBERS + "李晓燕,13912345678\n", "utf-8")
    assert "“members.csv”（第 1 次导入）还没有完成" in run("import", "members", other)[2]
