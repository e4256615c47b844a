"""Writing something out: what, in which format, where, and who has to allow it.

Decides the proposed name, and that members are written out with an approval by those who may not do it alone. Qt-free.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pos_app.domain.imports.kinds import Kind
from pos_app.domain.staff import Action, Approval, NeedsApprovalError, may
from pos_app.domain.values.money import ZERO
from pos_app.words import format_date, translate
from ui.imports.paths import path_of
from ui.imports.report import kind_words
from ui.imports.state import ExportShown, KindTile
from ui.shell.counter import Counter

PERSONAL = (Kind.MEMBERS, Kind.BALANCES)
"""Written out with an approval by those who may not do it alone; goods only by those who keep them."""


@dataclass(frozen=True, slots=True)
class Exporting:
    """What the person has chosen; `own_name` is whether she typed the file's name herself."""

    kind: Kind
    excel: bool = True
    target: str = ""
    own_name: bool = False


def begin(counter: Counter, kind: Kind) -> Exporting:
    """Return the first proposal for a kind."""
    offered = kinds(counter)
    return _named(counter, Exporting(kind if kind in offered else offered[0]))


def kinds(counter: Counter) -> tuple[Kind, ...]:
    """Return what the signed-in person may write out, or ask to."""
    return tuple(Kind) if _may(counter, Action.EDIT_CATALOGUE) else PERSONAL


def changed(counter: Counter, exporting: Exporting, changes: Mapping[str, object]) -> Exporting:
    """Return what was chosen with some of it changed; a proposed name follows the kind and the format."""
    changed: Any = dict(changes)
    result = replace(exporting, **changed)
    if "target" in changes:
        return replace(result, own_name=bool(str(changes["target"]).strip()))
    if result.own_name:
        target = Path(result.target)
        return replace(result, target=str(with_suffix(target, result.excel)))
    return _named(counter, result)


def _named(counter: Counter, exporting: Exporting) -> Exporting:
    """Propose a name in the person's documents, of the kind and the day: no name of a person."""
    day = counter.shop.ringing.today().isoformat()
    name = translate(f"imports_page.export.name_{exporting.kind}", day=day)
    documents = Path.home() / "Documents"
    folder = documents if documents.is_dir() else Path.home()
    return replace(exporting, target=str(with_suffix(folder / name, exporting.excel)))


def with_suffix(path: Path, excel: bool) -> Path:
    """Return a path that ends as its format does."""
    wanted = ".xlsx" if excel else ".csv"
    if path.suffix.lower() in (".xlsx", ".csv", ".xls"):
        return path.with_suffix(wanted)
    return path.with_name(path.name + wanted)


def target_of(exporting: Exporting) -> Path | None:
    """Return the file that is to be written; None when its folder is not there."""
    target = path_of(exporting.target)
    if target is None or not target.name or not target.parent.is_dir():
        return None
    return with_suffix(target, exporting.excel)


def replaced_by(exporting: Exporting) -> str:
    """Return the name of a file that stands where the export is to go, empty for none."""
    target = target_of(exporting)
    return target.name if target is not None and target.exists() else ""


def shown(counter: Counter, exporting: Exporting, fault: str = "") -> ExportShown:
    """Return it in words, with the watermark as it will stand in the file."""
    day = format_date(counter.shop.ringing.today())
    watermark = translate("imports.watermark", who=counter.session.who.name, when=day)
    is_personal = exporting.kind in PERSONAL
    told = translate("imports_page.export.watermark", watermark=watermark)
    if is_personal:
        told += " " + translate("imports_page.export.personal")
        if not _may(counter, Action.EXPORT_MEMBERS):
            told += " " + translate("imports_page.export.needs_yes")
    told += "\n" + translate(f"imports.left_out.{exporting.kind}")
    tiles = tuple(KindTile(kind, kind_words(kind), "") for kind in kinds(counter))
    return ExportShown(
        kinds=tiles,
        kind=exporting.kind,
        excel=exporting.excel,
        target=exporting.target,
        told=told,
        fault=fault,
    )


def _may(counter: Counter, action: Action) -> bool:
    actor = counter.session.actor
    return actor is not None and may(actor.role, action)


def allowed(counter: Counter, kind: Kind, then: Callable[[Approval | None], None]) -> None:
    """Go on when the person may write a kind out, or after somebody's yes."""
    if kind not in PERSONAL or _may(counter, Action.EXPORT_MEMBERS):
        then(None)
        return
    counter.ask_approval(NeedsApprovalError(action=Action.EXPORT_MEMBERS, amount=ZERO, cart=None), then)
