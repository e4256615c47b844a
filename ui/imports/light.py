"""What the status bar says of imports, so that the page may be left: how far one is, that it ended, or was cut off.

Decides the words and the colour of the light; a click on it opens the page. At the till's end the desk is stopped.
"""

from pos_app.domain.errors import ShukeError
from pos_app.services.shop import Shop
from pos_app.words import translate
from ui.importing import Failed
from ui.imports import IMPORTS
from ui.imports.desk import ImportDesk, Work
from ui.imports.telling import estimated, share_of, task_of
from ui.shell.status import StatusTone
from ui.shell.window import Shell


def light_of(work: Work | None, *, cut_off: bool) -> tuple[str, StatusTone]:
    """Return words and colour; no words when there is nothing to tell."""
    if work is not None and work.is_running:
        progress = estimated(work)
        share = None if progress is None else share_of(progress)
        task = translate(f"imports_page.light.{task_of(work)}")
        told = "" if share is None else f"{share // 10}%"
        return translate("imports_page.light.running", task=task, share=told).strip(), "info"
    if work is not None and not work.seen:
        if isinstance(work.result, Failed):
            return translate("imports_page.light.failed"), "danger"
        return translate("imports_page.light.ended"), "success"
    return (translate("imports_page.light.cut_off"), "warning") if cut_off else ("", "muted")


def show_imports(shell: Shell, desk: ImportDesk, shop: Shop) -> None:
    """Let the status bar tell of imports; one that was cut off in an earlier life is told from the start."""
    cut_off = [_is_cut_off(shop)]

    def tell(work: Work | None) -> None:
        if work is not None:
            # From the first work on, the page itself has offered what was cut off.
            cut_off[:] = [False]
        shell.status.set_task(*light_of(work, cut_off=cut_off[0]))

    desk.watch(tell)
    shell.language_changed.connect(lambda: tell(desk.work))
    shell.status.clicked.connect(lambda part: _open_page(part, shell))


def _is_cut_off(shop: Shop) -> bool:
    try:
        return shop.imports.under_way() is not None
    except ShukeError:
        # A till opens and says what is wrong with its books elsewhere; a light must not keep it from it.
        return False


def _open_page(part: str, shell: Shell) -> None:
    if part == "task" and shell.navigation.has(IMPORTS):
        shell.navigation.open(IMPORTS)
