"""One import at a time, whoever asks; what is known of it while it runs and when it has ended."""

from pathlib import Path
from uuid import UUID

import pytest

from pos_app.domain.imports.kinds import Kind
from pos_app.domain.values.ids import StaffId
from pos_app.services.imports.values import Progress, Stage
from pos_app.services.ports.imports import Counts
from tests.support.lanes import InlineLane
from ui.importing import Export, Failed, Job, Line, Moved, Run, Saved, Source, encoded, job_of, told
from ui.imports.desk import BusyHereError, DeskDoors, ImportDesk, Work
from ui.imports.telling import estimated, progress_words, share_of

WHO = StaffId(UUID(int=7))
EXPORT = Export(Kind.CATALOGUE, "goods.csv")


class HandChild:
    """A process that a test speaks for."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def start(self, job: Job, tell: object, ended: object) -> "HandChild":
        self.job, self.tell, self.end = job_of(encoded(job)), tell, ended
        return self

    def says(self, line: Line) -> None:
        self.tell(told(encoded(line)))  # type: ignore[operator]

    def ends(self) -> None:
        self.end()  # type: ignore[operator]

    def cancel(self) -> None:
        self.heard.append("cancel")

    def stop(self) -> None:
        self.heard.append("stop")


@pytest.fixture
def child() -> HandChild:
    return HandChild()


@pytest.fixture
def desk(child: HandChild, tmp_path: Path) -> ImportDesk:
    return ImportDesk(
        DeskDoors(files=InlineLane(), start=child.start, folder=tmp_path, notes=tmp_path / "notes")
    )


def moved(done: int, total: int | None = None) -> Moved:
    return Moved(Progress(stage=Stage.STAGING, done=done, total=total, rate=100, counts=Counts()))


def test_the_result_counts_when_the_process_is_gone(desk: ImportDesk, child: HandChild) -> None:
    desk.begin(EXPORT, Kind.CATALOGUE, "goods.csv", WHO)
    assert child.job.staff == WHO and child.job.act == EXPORT
    child.says(moved(5))
    child.says(Saved("goods.csv", 5))
    assert result_of(desk) is None
    child.ends()
    assert result_of(desk) == Saved("goods.csv", 5)


def result_of(desk: ImportDesk) -> Line | None:
    assert desk.work is not None
    return desk.work.result


def test_a_process_that_ends_without_a_last_word_has_failed(desk: ImportDesk, child: HandChild) -> None:
    desk.begin(EXPORT, Kind.CATALOGUE, "goods.csv", WHO)
    child.ends()
    assert desk.work is not None and desk.work.result == Failed("imports_page.error.died")


def test_a_second_one_is_refused_and_begins_after_the_first(desk: ImportDesk, child: HandChild) -> None:
    desk.begin(EXPORT, Kind.CATALOGUE, "goods.csv", WHO)
    with pytest.raises(BusyHereError):
        desk.begin(EXPORT, Kind.CATALOGUE, "goods.csv", WHO)
    child.ends()
    desk.begin(EXPORT, Kind.CATALOGUE, "goods.csv", WHO)
    assert desk.is_busy


def test_it_is_told_to_stop_once_and_ended_with_the_till(desk: ImportDesk, child: HandChild) -> None:
    desk.begin(EXPORT, Kind.CATALOGUE, "goods.csv", WHO)
    desk.cancel()
    desk.cancel()
    desk.stop()
    assert child.heard == ["cancel", "stop"]


def test_whoever_watches_is_told_until_she_leaves(desk: ImportDesk, child: HandChild) -> None:
    seen: list[Work | None] = []
    desk.watch(seen.append)
    desk.begin(EXPORT, Kind.CATALOGUE, "goods.csv", WHO)
    child.says(moved(3))
    desk.unwatch(seen.append)
    child.says(moved(9))
    assert [work and work.progress and work.progress.done for work in seen] == [None, None, 3]


def test_the_status_bar_is_told_last_what_the_page_has_seen(desk: ImportDesk, child: HandChild) -> None:
    told_last: list[bool] = []

    def page(work: Work | None) -> None:
        desk.see()

    def light(work: Work | None) -> None:
        told_last.append(work is not None and work.seen)

    desk.watch(page)
    desk.watch(light)
    desk.begin(EXPORT, Kind.CATALOGUE, "goods.csv", WHO)
    child.ends()
    assert told_last[-1]


def test_the_rows_of_the_rehearsal_tell_how_much_is_left() -> None:
    run = Run(Source(Kind.MEMBERS, "m.csv", 0, {}), "notes", "00", 1_000)
    work = Work(act=run, kind=Kind.MEMBERS, file="m.csv", progress=moved(250).progress)
    progress = estimated(work)
    assert progress is not None and share_of(progress) == 250 and progress.left_s == 7.5
    assert progress_words(progress) == "250 行 · 每秒 100 行 · 还要约 8 秒"
