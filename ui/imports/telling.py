"""What is being done and how it ended, in words.

Decides the words of progress and of results. Qt-free.
"""

from dataclasses import replace
from pathlib import Path

import msgspec

from pos_app.domain.values.money import Currency
from pos_app.services.imports.values import Progress, Stage
from pos_app.services.ports.imports import ImportBatch
from pos_app.services.ports.imports import State as BatchState
from pos_app.words import format_count, translate
from ui.importing import (
    Cancelled,
    Export,
    Failed,
    Imported,
    Rehearse,
    Resume,
    Run,
    Saved,
    SaveRefused,
    TakeBack,
    ToldError,
)
from ui.imports import report as reports
from ui.imports.desk import Work
from ui.imports.report import kind_words
from ui.imports.state import DoneShown, WorkShown
from ui.shell.wording import words_of

_TASKS: dict[type, str] = {
    Rehearse: "rehearse",
    Run: "run",
    Resume: "run",
    TakeBack: "take_back",
    SaveRefused: "save_refused",
    Export: "export",
}
WRITING = (Run, Resume)
_OWN_WORDS = {
    f"importing.error.{name}": f"imports_page.error.{name}"
    for name in ("under_way", "edited", "file_changed", "mapping_needed")
}
"""What the command line says with its options is said here with what stands on the page."""


def task_of(work: Work) -> str:
    """Return the name of what is done, as the words have it."""
    return _TASKS[type(work.act)]


def title_of(work: Work) -> str:
    """Return what is being done in a line."""
    return translate(f"imports_page.task.{task_of(work)}", kind=kind_words(work.kind), file=work.file)


def work_shown(work: Work) -> WorkShown:
    """Return how far it has come."""
    progress = estimated(work)
    is_writing = isinstance(work.act, WRITING)
    stage = "" if progress is None else translate(f"importing.stage.{progress.stage}")
    stage = stage[:1].upper() + stage[1:]
    if progress is None:
        stage = translate("imports_page.work.starting")
    if work.cancelling:
        stage = translate("imports_page.work.cancelling")
    return WorkShown(
        title=title_of(work),
        stage=stage,
        share=None if progress is None else share_of(progress),
        told="" if progress is None else progress_words(progress),
        counts=reports.counts_done(progress.counts) if progress is not None and is_writing else (),
        foot=translate("imports_page.work.foot" if is_writing else "imports_page.work.foot_plain"),
        can_cancel=not isinstance(work.act, TakeBack) and not work.cancelling,
        cancelling=work.cancelling,
    )


def estimated(work: Work) -> Progress | None:
    """Return the progress, with the rows that the rehearsal counted as the total while rows are read."""
    progress = work.progress
    if progress is None or not isinstance(work.act, Run) or progress.stage is not Stage.STAGING:
        return progress
    left = max(0, work.act.rows - progress.done)
    left_s = left / progress.rate if progress.rate >= 1 else None
    return replace(progress, total=max(work.act.rows, progress.done), left_s=left_s)


def share_of(progress: Progress) -> int | None:
    """Return how much of a stage is done, in thousandths."""
    if not progress.total:
        return None
    return min(1000, progress.done * 1000 // progress.total)


def progress_words(progress: Progress) -> str:
    """Return how many are done, how fast, and how long it still takes."""
    if not progress.done:
        return ""
    done = format_count(progress.done)
    parts = [translate("imports_page.work.done", done=done)]
    if progress.rate >= 1:
        parts.append(translate("imports_page.work.rate", rate=format_count(round(progress.rate))))
    if progress.left_s is not None:
        parts.append(_left(round(progress.left_s)))
    return " · ".join(parts)


def _left(seconds: int) -> str:
    if seconds < 90:
        return translate("imports_page.work.left_s", seconds=max(1, seconds))
    return translate("imports_page.work.left_min", minutes=-(-seconds // 60))


def done_shown(work: Work, currency: Currency) -> DoneShown:
    """Return how a work that is over ended; rehearsals that went well have a page of their own."""
    result = work.result
    if isinstance(result, Imported):
        return _imported(work, result, currency)
    if isinstance(result, Saved):
        return _saved(work, result)
    if isinstance(result, Cancelled):
        return DoneShown("plain", translate("imports_page.done.cancelled"), title_of(work))
    assert isinstance(result, Failed)
    return _failed(result, currency)


def _failed(result: Failed, currency: Currency) -> DoneShown:
    if result.report:
        text = translate("imports_page.error.bug", report=result.report)
    else:
        code = _OWN_WORDS.get(result.code, result.code)
        text = words_of(ToldError(msgspec.structs.replace(result, code=code)), currency)
    return DoneShown("danger", translate("imports_page.done.failed"), text)


def _saved(work: Work, result: Saved) -> DoneShown:
    path = Path(result.path)
    return DoneShown(
        "success",
        translate(f"imports_page.done.{task_of(work)}", number=format_count(result.rows)),
        translate("imports_page.done.saved_to", file=path.name, folder=str(path.parent)),
    )


def _imported(work: Work, result: Imported, currency: Currency) -> DoneShown:
    batch = result.batch
    if isinstance(work.act, TakeBack) and batch is not None:
        kept = batch.counts.kept
        text = _counted("kept", kept) if kept else ""
        title = translate("imports_page.done.taken_back", kind=kind_words(batch.kind))
        return DoneShown("success", title, text or translate("imports_page.done.as_before"))
    if isinstance(work.act, Resume) and work.act.path is None and batch is not None:
        is_gone = batch.state is BatchState.GONE
        text = translate("imports_page.done.as_before") if is_gone else _visible_text(batch)
        return DoneShown("success", translate("imports_page.done.tidied"), text)
    if result.cancelled or (batch is not None and batch.state is BatchState.GONE and not result.nothing_new):
        title = translate("imports_page.done.cancelled")
        return DoneShown("plain", title, translate("imports_page.done.cancelled_text"))
    if batch is None or result.nothing_new:
        return _nothing(result)
    notes = _notes(result, currency)
    return DoneShown(
        "success",
        translate(
            "imports_page.done.visible", number=format_count(batch.counts.staged - batch.counts.left_out)
        ),
        _visible_text(batch),
        counts=reports.counts_done(batch.counts),
        notes=notes,
        batch=batch.number,
        can_save=isinstance(work.act, Run) and batch.counts.refused > 0,
    )


def _nothing(result: Imported) -> DoneShown:
    """Return that nothing came in, and how much of the file cannot."""
    told = result.batch.counts.refused if result.batch is not None else 0
    left = told or (result.report.refused_count if result.report is not None else 0)
    text = _counted("nothing_else", left) if left else translate("imports_page.done.nothing_text")
    return DoneShown("warning" if left else "plain", translate("imports_page.done.nothing"), text)


def _visible_text(batch: ImportBatch) -> str:
    return translate("imports_page.done.visible_text", kind=kind_words(batch.kind), file=batch.file_name)


def _notes(result: Imported, currency: Currency) -> tuple[str, ...]:
    told = result.report
    notes = list(reports.notes_of(told)) if told is not None else []
    if told is not None and (totals := reports.totals_words(told.kind, told.totals, currency)):
        notes.insert(0, totals)
    if result.batch is not None and result.batch.counts.left_out:
        notes.append(_counted("left_out", result.batch.counts.left_out))
    return tuple(notes)


def _counted(name: str, count: int) -> str:
    return translate(f"imports_page.done.{name}", count=count, number=format_count(count))
