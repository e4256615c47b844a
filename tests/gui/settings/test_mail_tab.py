"""The shop's mail server is set up: tried on a real socket, its password kept apart from the settings."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from pos_app.domain.mail import MailSettings
from pos_app.hardware.mail_smtp import SmtpPost
from pos_app.persistence.secrets import MailPassword
from tests.support.lanes import InlineLane
from tests.support.screen_till import ScreenTill, counter_till, no_printers, screen_till
from tests.support.smtp_server import PASSWORD, USER, SmtpServer, trust
from ui.kit.fields import ChoiceEdit
from ui.settings import settings_screen
from ui.settings.mail_presenter import MailSetUp
from ui.shell.screens import ScreenId


@dataclass
class Desk:
    """The owner at the tab of e-mail."""

    till: ScreenTill
    server: SmtpServer
    kept: MailPassword
    folder: Path

    def write(self, **values: str) -> None:
        for name, text in values.items():
            (edit,) = self.till.shell.findChildren(QLineEdit, f"settings_mail_{name}")
            edit.setText(text)
            edit.textEdited.emit(text)

    def choose(self, kind: str) -> None:
        (edit,) = self.till.shell.findChildren(ChoiceEdit, "settings_mail_security")
        edit.setCurrentIndex(edit.findData(kind))
        edit.activated.emit(edit.currentIndex())

    def fill(self, password: str = PASSWORD) -> None:
        self.choose("starttls")
        self.write(
            server="127.0.0.1",
            port=str(self.server.port),
            user=USER,
            password=password,
            sender="shop@example.com",
        )

    def press(self, name: str) -> None:
        (button,) = self.till.shell.findChildren(QPushButton, name)
        button.click()
        QApplication.processEvents()

    def said(self, name: str) -> str:
        (label,) = self.till.shell.findChildren(QLabel, name)
        return label.text()

    @property
    def settings(self) -> MailSettings:
        return self.till.at.demo.shop.current.value.mail


@pytest.fixture
def desk(tmp_path: Path, qtbot: QtBot) -> Iterator[Desk]:
    lane = InlineLane()
    kept = MailPassword(tmp_path / "keys", use_key_store=False)
    printers = no_printers()

    def check(settings: MailSettings, password: str | None) -> None:
        SmtpPost(lambda: settings, lambda: password or kept.load(), trust, timeout_s=5).check()

    doors = MailSetUp(
        net=lane, check=check, save_password=kept.save, has_password=lambda: kept.load() is not None
    )
    with (
        SmtpServer() as server,
        counter_till(tmp_path) as at,
        screen_till(at, [settings_screen(printers, mail=doors)]) as till,
    ):
        qtbot.waitUntil(till.shell.isActiveWindow)
        till.shell.navigation.open(ScreenId("settings"), "mail")
        QApplication.processEvents()
        yield Desk(till, server, kept, tmp_path)


def test_a_server_is_tried_before_it_is_saved(desk: Desk) -> None:
    desk.fill()
    desk.press("settings_mail_test")
    assert desk.said("settings_mail_tested") == "连接成功，可以发信。"
    assert desk.server.signed_in == [USER] and not desk.settings.is_set


def test_a_wrong_password_is_said_in_words(desk: Desk) -> None:
    desk.fill("wrong")
    desk.press("settings_mail_test")
    assert "授权码" in desk.said("settings_mail_tested")


def test_what_is_saved_is_in_force_and_the_password_is_in_no_setting(desk: Desk) -> None:
    desk.fill()
    desk.press("settings_mail_save")
    assert desk.settings.is_set and desk.settings.user == USER and desk.kept.load() == PASSWORD
    assert PASSWORD.encode() not in msgspec.json.encode(desk.till.at.demo.shop.current.value)
    (password,) = desk.till.shell.findChildren(QLineEdit, "settings_mail_password")
    assert password.text() == "" and password.placeholderText() == "已保存，不改就留空"
    assert password.echoMode() is QLineEdit.EchoMode.Password


def test_a_password_that_is_kept_stays_when_something_else_is_changed(desk: Desk) -> None:
    desk.fill()
    desk.press("settings_mail_save")
    desk.write(sender="other@example.com")
    desk.press("settings_mail_save")
    assert desk.settings.sender == "other@example.com" and desk.kept.load() == PASSWORD
    desk.press("settings_mail_test")
    assert desk.said("settings_mail_tested") == "连接成功，可以发信。"


@pytest.mark.parametrize(
    ("field", "text"), [("server", "a b"), ("port", "0"), ("port", "x"), ("sender", "nobody"), ("sender", "")]
)
def test_what_cannot_be_is_said_under_its_field(desk: Desk, field: str, text: str) -> None:
    desk.fill()
    desk.write(**{field: text})
    desk.press("settings_mail_save")
    errors = [label.text() for label in desk.till.shell.findChildren(QLabel) if label.isVisible()]
    assert not desk.settings.is_set and any(
        words in errors
        for words in (
            "这不是服务器名，例：smtp.example.com",
            "端口是 1–65535 的数字。",
            "请填本店的邮箱地址，例：shop@example.com",
        )
    )


def test_no_password_is_taken_for_a_line_that_others_can_read(desk: Desk) -> None:
    desk.fill()
    desk.choose("none")
    desk.write(server="smtp.example.com")
    desk.press("settings_mail_save")
    assert not desk.settings.is_set


def test_another_kind_of_encryption_brings_its_port_along(desk: Desk) -> None:
    (port,) = desk.till.shell.findChildren(QLineEdit, "settings_mail_port")
    assert port.text() == "465"
    desk.choose("starttls")
    assert port.text() == "587"
