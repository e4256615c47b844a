"""The first-run page, and the settings of shop, till and staff."""

from PySide6.QtWidgets import QWidget

from ui.shell.screens import Screen, ScreenContext, ScreenId


def _build_set_up(context: ScreenContext) -> QWidget:
    from ui.settings.set_up_page import SetUpPage

    return SetUpPage(context)


SET_UP_SCREEN = Screen(
    id=ScreenId("set_up"),
    title="settings.set_up.title",
    icon="store",
    build=_build_set_up,
    placement="full",
)
"""The only screen of the first run; its `services` are a `ui.settings.set_up_presenter.FirstRun`."""
