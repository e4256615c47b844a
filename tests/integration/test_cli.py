"""The commands as an owner types them: what they say, where, and how they end; never a traceback."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pos_app.domain.errors import FolderInUseError
from pos_app.hardware.folder_lock import folder_lock
from tests.integration.conftest import Run
from tests.support.shop_on_disk import CANDY, NECKLACE, DiskShop

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    "words",
    [
        ["nope"],
        [],
        ["backup"],
        ["report", "nope"],
        ["report", "sales", "--from", "yesterday"],
        ["verify", "--z"],
        ["bench", "--sales", "many"],
    ],
)
def test_a_command_that_is_asked_wrongly_ends_with_two_and_shows_its_usage(
    run: Run, words: list[str]
) -> None:
    code, out, err = run(*words)
    assert code == 2 and out == "" and err.startswith("usage: shuke")


def test_help_and_version_end_well(run: Run) -> None:
    code, out, _ = run("--version")
    assert code == 0 and out.startswith("Shuke ")
    code, out, _ = run("--help")
    commands = ("till", "verify", "backup", "restore", "report", "bench", "doctor")
    assert code == 0 and all(f"    {name}" in out for name in commands)
    for name in commands:
        assert run(name, "--help")[0] == 0


def test_help_speaks_the_language_of_the_system(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "prove the books" in run("--help")[1]
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "核验账目" in run("--help")[1]


@pytest.mark.parametrize("words", [["verify"], ["backup", "x.zip"], ["report", "sales"]])
def test_without_a_shop_a_command_says_so_in_one_line(run: Run, words: list[str]) -> None:
    code, out, err = run(*words)
    assert code == 1 and out == "" and len(err.splitlines()) == 1 and "no shop" in err


def test_verify_passes_a_busy_shop_in_the_shops_language(run: Run, busy: DiskShop) -> None:
    code, out, err = run("verify")
    assert code == 0 and err == ""
    assert out.startswith("账目无误：") and "7 笔销售" in out


def test_verify_checks_the_head_on_paper(run: Run, busy: DiskShop) -> None:
    shop = busy.reopened()
    printed = shop.shop.shifts.z_reports()[0].closed.head_hash[:12]
    shop.store.close()
    assert run("verify", "--z", printed)[0] == 0
    code, out, _ = run("verify", "--z", "000000000000")
    assert code == 1 and "000000000000" in out


def test_verify_names_each_finding_and_ends_with_one(run: Run, busy: DiskShop) -> None:
    with closing(sqlite3.connect(busy.database)) as connection:
        connection.execute("UPDATE sale SET total = total + 1 WHERE number = 'N01-1-2026-000001'")
        connection.execute("DELETE FROM journal WHERE seq = 12")
        connection.commit()
    code, out, _ = run("verify")
    assert code == 1
    assert "N01-1-2026-000001" in out and "1/12" in out
    assert out.splitlines()[-1].startswith("发现 ")
    code, out, _ = run("verify", "--json")
    told = json.loads(out)
    assert code == 1 and not told["passed"]
    assert ("proof.gap", "1/12") in {(f["code"], f["place"]) for f in told["findings"]}
    assert all(finding["text"] for finding in told["findings"])


def test_a_sales_report_adds_up_by_day_and_in_all(run: Run, busy: DiskShop) -> None:
    code, out, err = run("report", "sales", "--json")
    told = json.loads(out)
    assert code == 0 and err == ""
    assert (told["currency"], told["digits"], told["baskets"]) == ("CNY", 2, 7)
    for name in ("baskets", "lines", "amount", "discount"):
        assert told[name] == sum(day[name] for day in told["days"])
    assert told["discount"] == 25_980
    assert json.loads(run("report", "sales", "--json", "--from", "2026-11-23")[1])["baskets"] == 0
    one_day = run("report", "sales", "--json", "--from", "2026-11-22", "--to", "2026-11-22")[1]
    assert json.loads(one_day) == told
    assert "合计" in run("report", "sales")[1]


def test_a_backup_goes_and_comes_back_by_hand(run: Run, busy: DiskShop, tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    code, out, err = run("backup", tmp_path / "stick")
    assert code == 0 and err == "" and "7 笔销售" in out
    (made,) = (tmp_path / "stick").iterdir()
    assert made.name.startswith("shuke-N01-1-") and made.suffix == ".zip"
    code, out, err = run("restore", made)
    assert code == 0 and err == "" and "已恢复" in out and "before-restore" in out
    assert "保留 30 天" in out
    assert run("verify")[0] == 0


def test_a_restore_over_newer_sales_says_how_many_and_until_when(
    run: Run, busy: DiskShop, tmp_path: Path
) -> None:
    made = tmp_path / "b.zip"
    assert run("backup", made)[0] == 0
    shop = busy.reopened()
    shop.shop.shifts.open(shop.cashier, shop.shop.shifts.z_reports()[0].closed.counted)
    shop.sell(CANDY)
    shop.sell(NECKLACE)
    shop.store.close()
    code, out, err = run("restore", made)
    assert code == 1 and out == "" and len(err.splitlines()) == 1
    assert "2 笔销售" in err and "2026-11-22 12:00" in err and "--force" in err
    assert json.loads(run("report", "sales", "--json")[1])["baskets"] == 9
    assert run("restore", made, "--force")[0] == 0
    assert json.loads(run("report", "sales", "--json")[1])["baskets"] == 7
    assert run("verify")[0] == 0


def test_a_restore_does_not_pull_a_running_till_away(run: Run, busy: DiskShop, tmp_path: Path) -> None:
    made = tmp_path / "b.zip"
    assert run("backup", made)[0] == 0
    with folder_lock(busy.folder / "till.lock"):
        code, out, err = run("restore", made, "--force")
        assert code == 1 and out == "" and len(err.splitlines()) == 1
        assert run("backup", made)[0] == 0 and run("verify")[0] == 0, "others are ordinary writers"
    assert run("restore", made)[0] == 0


def test_a_file_that_is_no_backup_is_refused_in_words(run: Run, busy: DiskShop, tmp_path: Path) -> None:
    (tmp_path / "photo.zip").write_bytes(b"GIF89a")
    code, out, err = run("restore", tmp_path / "photo.zip")
    assert code == 1 and out == "" and "photo.zip" in err and len(err.splitlines()) == 1


def test_a_damaged_database_is_told_in_one_line(run: Run, busy: DiskShop) -> None:
    busy.database.write_bytes(b"\x00\x01" * 5000)
    for words in (["verify"], ["report", "sales"], ["backup", "x.zip"]):
        code, out, err = run(*words)
        assert code == 1 and out == "" and len(err.splitlines()) == 1, words


def test_a_database_of_a_newer_program_is_told_in_one_line_and_left_alone(run: Run, busy: DiskShop) -> None:
    with closing(sqlite3.connect(busy.database)) as connection:
        connection.execute("PRAGMA user_version=99")
        connection.commit()
    before = busy.database.read_bytes()
    code, out, err = run("verify")
    assert code == 1 and out == "" and "newer" in err
    assert busy.database.read_bytes() == before


def test_a_bug_is_reported_to_the_logs_and_told_without_its_words(
    run: Run, busy: DiskShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("林小满 13800138000")

    monkeypatch.setattr("pos_app.services.reports.sales_report", broken)
    code, out, err = run("report", "sales")
    (report,) = (busy.folder / "logs").iterdir()
    assert code == 1 and out == "" and report.name in err
    told = report.read_text("utf-8") + err
    assert "RuntimeError" in told and "林小满" not in told and "138001" not in told


def test_ctrl_c_ends_a_command_quietly(run: Run, busy: DiskShop, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("pos_app.services.reports.sales_report", stopped)
    code, out, err = run("report", "sales")
    assert code == 1 and out == "" and len(err.splitlines()) == 1


def test_the_doctor_tells_what_is_here_and_nobodys_name(run: Run, busy: DiskShop) -> None:
    code, out, err = run("doctor")
    assert err == "" and code == 0
    for name in ("程序", "组件", "数据文件夹", "剩余空间", "数据库", "打印机", "密钥保存在", "时钟", "字体"):
        assert name in out
    assert sqlite3.sqlite_version in out and sys.version.split()[0] in out and "N01-1" in out
    for personal in ("陈老板", "王店长", "小李", "林小满", "13800138000"):
        assert personal not in out


def test_the_doctor_finds_a_dead_printer_and_a_clock_that_is_behind(run: Run, busy: DiskShop) -> None:
    import msgspec

    shop = busy.reopened()
    with shop.store.write() as tx:
        settings = tx.settings.load()
        assert settings is not None
        tx.settings.save(msgspec.structs.replace(settings, printer="tcp://127.0.0.1:9"))
    with closing(sqlite3.connect(busy.database)) as connection:
        connection.execute(
            "UPDATE journal_head SET hlc = (CAST(strftime('%s', '2099-01-01') AS INTEGER) * 1000) << 16"
        )
        connection.commit()
    shop.store.close()
    code, out, _ = run("doctor")
    wrong = [line for line in out.splitlines() if line.startswith("✗")]
    assert code == 1 and len(wrong) == 2
    assert "tcp://127.0.0.1:9" in wrong[1] and "2099-01-01" in wrong[0]


def test_the_doctor_tells_of_traces_that_were_not_cleared_and_after_a_week_finds_it_wrong(
    run: Run, busy: DiskShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "✓ 会员残留: 无" in run("doctor")[1]
    shop = busy.reopened()
    monkeypatch.setattr("pos_app.services.member_traces.AT_ONCE_BYTES", 0)
    member = shop.sign_up("13912345678")
    shop.clock.at = datetime.now(UTC) - timedelta(days=6)
    assert not shop.shop.members.erase(shop.manager, member.member_id, "she asked")
    shop.store.close()
    code, out, _ = run("doctor")
    assert code == 0 and "! 会员残留: 有会员" in out
    assert "一切正常" not in out and out.splitlines()[-1] == "没有故障，有 1 处请留意（标 !）。"
    with closing(sqlite3.connect(busy.database)) as connection:
        connection.execute("UPDATE member_trace SET erased_at = erased_at - 86400000 * 2")
        connection.commit()
    code, out, _ = run("doctor")
    assert code == 1 and "✗ 会员残留: 有会员" in out


def test_the_doctor_helps_before_there_is_a_shop(run: Run) -> None:
    code, out, err = run("doctor")
    assert code == 1 and err == "" and "no shop" in out and "Free space" in out


def test_the_bench_sells_on_a_copy_and_leaves_the_books_alone(run: Run, busy: DiskShop) -> None:
    before = busy.database.read_bytes()
    code, out, err = run("bench", "--sales", "3", "--json")
    told = json.loads(out)
    assert code == 0 and err == ""
    assert {name: row["count"] for name, row in told.items()} == {
        "look_up": 15,
        "search": 3,
        "keep": 3,
        "commit": 3,
    }
    assert all(0 < row["p50_us"] <= row["p95_us"] <= row["p99_us"] for row in told.values())
    assert busy.database.read_bytes() == before
    assert not [p for p in busy.folder.iterdir() if "bench" in p.name]
    assert "committing a sale" in run("bench", "--sales", "1")[1]


def test_a_folder_is_locked_for_other_processes_and_free_again_when_its_owner_dies(
    run: Run, busy: DiskShop, tmp_path: Path
) -> None:
    lock = busy.folder / "till.lock"
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys; from pathlib import Path; from pos_app.hardware.folder_lock import folder_lock\n"
            "with folder_lock(Path(sys.argv[1])):\n    print('held', flush=True); sys.stdin.read()",
            str(lock),
        ],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdin is not None and holder.stdout is not None
    try:
        assert holder.stdout.readline().strip() == "held"
        with pytest.raises(FolderInUseError), folder_lock(lock):
            pass
    finally:
        holder.kill()
        holder.wait()
        holder.stdin.close()
        holder.stdout.close()
    with folder_lock(lock):
        pass


def test_a_command_is_a_process_that_ends_with_its_code(busy: DiskShop) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-W",
            "error",
            "-c",
            "import sys; from ui.cli import main; sys.exit(main())",
            "verify",
        ],
        cwd=ROOT,
        capture_output=True,
        env={"SHUKE_HOME": str(busy.folder), "SHUKE_KEY_STORE": "file", "PYTHONIOENCODING": "ascii"}
        | {name: value for name, value in os.environ.items() if name in ("PATH", "SYSTEMROOT")},
        check=False,
    )
    assert done.returncode == 0 and done.stderr == b""
    assert done.stdout.decode("ascii").startswith("\\u8d26\\u76ee"), "a console without Chinese shows escapes"
