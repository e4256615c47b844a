"""A report helps to mend the program and tells nobody's secrets."""

from datetime import UTC, datetime
from pathlib import Path

from pos_app.domain.errors import InvalidValueError
from ui.shell.crash import CrashReports, report_text

NOW = datetime(2026, 11, 22, 6, 32, tzinfo=UTC)


def _fail_on(phone: str) -> None:
    raise ValueError(f"cannot read {phone}")


def _fail_with_cause() -> BaseException:
    try:
        try:
            _fail_on("13812345678")
        except ValueError as problem:
            raise InvalidValueError(field="phone", text="13812345678") from problem
    except InvalidValueError as problem:
        return problem


def test_a_report_names_places_and_kinds_but_no_person() -> None:
    text = report_text(_fail_with_cause(), NOW, "0.1.0")
    assert "13812345678" not in text
    assert "_fail_on" in text
    assert "builtins.ValueError" in text
    assert "InvalidValueError common.error.invalid_value" in text
    assert "2026-11-22T06:32:00Z" in text
    assert str(Path.home()) not in text


def test_the_cashier_is_told_once_the_report_is_written(tmp_path: Path) -> None:
    told: list[Path | None] = []
    reports = CrashReports(tmp_path / "logs", "0.1.0", lambda: NOW, told.append)
    path = reports.report(ValueError("x"))
    assert path is not None and path.is_file()
    assert told == [path]


def test_a_full_disk_is_no_second_crash(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("a file stands where the folder should")
    told: list[Path | None] = []
    reports = CrashReports(tmp_path / "logs", "0.1.0", lambda: NOW, told.append)
    assert reports.report(ValueError("x")) is None
    assert told == [None]


def test_a_crash_while_telling_of_a_crash_ends_there(tmp_path: Path) -> None:
    reports: list[CrashReports] = []
    told: list[Path | None] = []

    def tell(path: Path | None) -> None:
        told.append(path)
        reports[0].report(RuntimeError("again"))

    reports.append(CrashReports(tmp_path, "0.1.0", lambda: NOW, tell))
    reports[0].report(ValueError("x"))
    assert len(told) == 1


def test_old_reports_make_room(tmp_path: Path) -> None:
    for place in range(70):
        (tmp_path / f"crash-20250101T0000{place:08d}.txt").write_text("old")
    CrashReports(tmp_path, "0.1.0", lambda: NOW, lambda _path: None).report(ValueError("x"))
    left = sorted(tmp_path.glob("crash-*.txt"))
    assert len(left) == 50
    assert left[-1].name.startswith("crash-20261122")
