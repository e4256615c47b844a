"""The first-run page, and the settings of shop, till and staff."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from ui.shell.screens import Screen, ScreenContext, ScreenId

if TYPE_CHECKING:
    from ui.settings.mail_presenter import MailSetUp
    from ui.settings.presenter import PrinterDoors
    from ui.settings.wallets_presenter import WalletDoors


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
"""The only screen of the first run; its `services` are a `ui.settings.set_up_form.FirstRun`."""


def settings_screen(
    printers: "PrinterDoors", wallets: "WalletDoors | None" = None, mail: "MailSetUp | None" = None
) -> Screen:
    """Return the settings page for managers and owners; `printers` is what trying a printer needs.

    `wallets` is what trying a wallet needs, `mail` what trying a mail server needs; without them they have no tab.
    Each tab imports its module when it is built: the till starts without them.
    """

    def general(context: ScreenContext) -> QWidget:
        from ui.settings.page import SettingsPage

        return SettingsPage(context, printers)

    def keys(context: ScreenContext) -> QWidget:
        from ui.settings.keys_tab import KeysTab

        return KeysTab(context)

    def tenders(context: ScreenContext) -> QWidget:
        from ui.settings.tenders_tab import TendersTab

        return TendersTab(context)

    def limits(context: ScreenContext) -> QWidget:
        from ui.settings.limits_tab import LimitsTab

        return LimitsTab(context)

    def codes(context: ScreenContext) -> QWidget:
        from ui.settings.wallets_tab import WalletsTab

        assert wallets is not None
        return WalletsTab(context, wallets)

    def papers(context: ScreenContext) -> QWidget:
        from ui.settings.papers_tab import PapersTab

        return PapersTab(context, printers)

    def letters(context: ScreenContext) -> QWidget:
        from ui.settings.mail_tab import MailTab

        assert mail is not None
        return MailTab(context, mail)

    def display(context: ScreenContext) -> QWidget:
        from ui.settings.display_tab import DisplayTab

        return DisplayTab(context)

    def invoices(context: ScreenContext) -> QWidget:
        from ui.settings.invoices_tab import InvoicesTab

        return InvoicesTab(context)

    def build(context: ScreenContext) -> QWidget:
        from ui.settings.tabs import SettingsTabs, Tab

        tabs = [Tab("general", general), Tab("limits", limits), Tab("tenders", tenders), Tab("keys", keys)]
        tabs.insert(1, Tab("papers", papers))
        if mail is not None:
            tabs.insert(2, Tab("mail", letters))
        if wallets is not None:
            tabs.insert(-1, Tab("wallets", codes))
        tabs.insert(-1, Tab("invoices", invoices))
        tabs.insert(-1, Tab("display", display))
        return SettingsTabs(context, tabs)

    return Screen(
        id=ScreenId("settings"),
        title="settings.screen.title",
        icon="settings",
        build=build,
        permission="manage_settings",
        key="Ctrl+9",
    )
