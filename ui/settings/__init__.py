"""The first-run page, and the settings of shop, till and staff."""

from dataclasses import dataclass
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


@dataclass(frozen=True)
class _Tabs:
    """What the tabs need beside the counter; each imports its module when it is built, as the till starts without."""

    printers: "PrinterDoors"
    wallets: "WalletDoors | None"
    mail: "MailSetUp | None"

    def build(self, context: ScreenContext) -> QWidget:
        from ui.settings.tabs import SettingsTabs, Tab

        tabs = [Tab("general", self._general), Tab("papers", self._papers)]
        if self.mail is not None:
            tabs.append(Tab("mail", self._mail))
        tabs += [Tab("limits", self._limits), Tab("tenders", self._tenders)]
        if self.wallets is not None:
            tabs.append(Tab("wallets", self._wallets))
        tabs += [Tab("invoices", self._invoices), Tab("display", self._display), Tab("keys", self._keys)]
        return SettingsTabs(context, tabs)

    def _general(self, context: ScreenContext) -> QWidget:
        from ui.settings.page import SettingsPage

        return SettingsPage(context, self.printers)

    def _papers(self, context: ScreenContext) -> QWidget:
        from ui.settings.papers_tab import PapersTab

        return PapersTab(context, self.printers)

    def _mail(self, context: ScreenContext) -> QWidget:
        from ui.settings.mail_tab import MailTab

        assert self.mail is not None
        return MailTab(context, self.mail)

    def _limits(self, context: ScreenContext) -> QWidget:
        from ui.settings.limits_tab import LimitsTab

        return LimitsTab(context)

    def _tenders(self, context: ScreenContext) -> QWidget:
        from ui.settings.tenders_tab import TendersTab

        return TendersTab(context)

    def _wallets(self, context: ScreenContext) -> QWidget:
        from ui.settings.wallets_tab import WalletsTab

        assert self.wallets is not None
        return WalletsTab(context, self.wallets)

    def _invoices(self, context: ScreenContext) -> QWidget:
        from ui.settings.invoices_tab import InvoicesTab

        return InvoicesTab(context)

    def _display(self, context: ScreenContext) -> QWidget:
        from ui.settings.display_tab import DisplayTab

        return DisplayTab(context)

    def _keys(self, context: ScreenContext) -> QWidget:
        from ui.settings.keys_tab import KeysTab

        return KeysTab(context)


def settings_screen(
    printers: "PrinterDoors", wallets: "WalletDoors | None" = None, mail: "MailSetUp | None" = None
) -> Screen:
    """Return the settings page for managers and owners; `printers` is what trying a printer needs.

    `wallets` is what trying a wallet needs, `mail` what trying a mail server needs; without them they have no tab.
    """
    return Screen(
        id=ScreenId("settings"),
        title="settings.screen.title",
        icon="settings",
        build=_Tabs(printers, wallets, mail).build,
        permission="manage_settings",
        key="Ctrl+9",
    )
