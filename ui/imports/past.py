"""What was imported before, what can be taken back, and what was cut off: read and put into words.

Decides the words of the history. Qt-free.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pos_app.domain.imports.kinds import Kind
from pos_app.domain.settings import Settings
from pos_app.domain.values.ids import StaffId
from pos_app.services.ports.imports import ImportBatch
from pos_app.services.ports.imports import State as BatchState
from pos_app.services.shop import Shop
from pos_app.words import format_count, format_date_time, translate
from ui.imports.report import kind_words
from ui.imports.state import BatchLine, CutOff, Tone

HISTORY = 50
_TONES: dict[BatchState, Tone] = {
    BatchState.STAGING: "warning",
    BatchState.PUBLISHED: "success",
    BatchState.DONE: "success",
    BatchState.WITHDRAWING: "warning",
    BatchState.WITHDRAWN: "plain",
    BatchState.GONE: "plain",
}


@dataclass(frozen=True, slots=True)
class Past:
    """Imports, the newest first, the one that can be taken back, the one under way, and who is who.

    `file` is that of the one under way if it was cut off while it was read, and the file stands where it stood.
    """

    batches: tuple[ImportBatch, ...]
    undoable: ImportBatch | None
    under_way: ImportBatch | None
    names: Mapping[StaffId, str]
    file: Path | None = None


def past_of(shop: Shop) -> Past:
    """Read what was imported before; on a lane that nobody waits for, since a whole file may be read."""
    names = {one.staff_id: one.name for one in shop.staff.everybody()}
    imports = shop.imports
    return Past(
        imports.batches(HISTORY),
        imports.undoable(),
        imports.under_way(),
        names,
        imports.file_to_go_on_with(),
    )


def kind_of(shop: Shop, number: int) -> Kind:
    """Return what an import brought; goods for one that is not among the latest."""
    batches = shop.imports.batches(HISTORY)
    return next((batch.kind for batch in batches if batch.number == number), Kind.CATALOGUE)


def batch_lines(past: Past, settings: Settings) -> tuple[BatchLine, ...]:
    """Return the history, the newest first."""
    undoable = None
    if past.undoable is not None and past.under_way is None:
        undoable = past.undoable.number
    return tuple(_batch_line(batch, undoable, past.names, settings) for batch in past.batches)


def _batch_line(
    batch: ImportBatch, undoable: int | None, names: Mapping[StaffId, str], settings: Settings
) -> BatchLine:
    who = names.get(batch.staff_id, "")
    when = format_date_time(batch.started_at, settings.zone)
    return BatchLine(
        number=batch.number,
        title=f"{kind_words(batch.kind)} · {batch.file_name}",
        when=f"{when} · {who}" if who else when,
        state=translate(f"imports_page.state.{_state_of(batch)}"),
        tone=_TONES[batch.state],
        counts=counts_line(batch),
        can_undo=batch.number == undoable,
    )


def _state_of(batch: ImportBatch) -> str:
    if batch.state is BatchState.GONE and not batch.counts.staged:
        return "nothing"
    return str(batch.state)


def counts_line(batch: ImportBatch) -> str:
    """Return the counts of an import in a line; those of none are left out."""
    counts = batch.counts
    named = (
        ("new", counts.new),
        ("changed", counts.changed),
        ("same", counts.same),
        ("refused", counts.refused),
    )
    parts = [f"{translate(f'imports_page.count.{name}')} {format_count(n)}" for name, n in named if n]
    return " · ".join(parts)


def cut_off(batch: ImportBatch | None, settings: Settings, file: Path | None = None) -> CutOff | None:
    """Return an import whose file was not read to its end, as it is offered; `file` where that was found again."""
    if batch is None or batch.state is not BatchState.STAGING:
        return None
    return CutOff(
        number=batch.number,
        title=translate("imports_page.cut_off.title", kind=kind_words(batch.kind), file=batch.file_name),
        text=translate(
            "imports_page.cut_off.text" if file is None else "imports_page.cut_off.text_found",
            when=format_date_time(batch.started_at, settings.zone),
            done=format_count(batch.counts.rows),
        ),
        path=file,
    )
