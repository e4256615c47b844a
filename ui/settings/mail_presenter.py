"""The tab of e-mail: which server takes the shop's letters, tried before it is saved.

Decides what is said under which field, and that a password that is kept is never shown and stays unless another is
typed. What is valid stands in `domain.mail`. Qt-free.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import msgspec

from pos_app.domain.errors import InvalidValueError
from pos_app.domain.mail import PORTS, SECURITIES, MailSettings, check_mail_settings
from pos_app.domain.values.barcode import fold
from pos_app.services.ports.lane import Lane
from pos_app.words import translate
from ui.settings.forms import Choice
from ui.shell.counter import Counter
from ui.shell.wording import words_of


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSetUp:
    """What trying a mail server needs; all but the lane run on it."""

    net: Lane
    check: Callable[[MailSettings, str | None], None]
    save_password: Callable[[str], None]
    has_password: Callable[[], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class MailForm:
    """What stands in the fields."""

    mail_server: str = ""
    mail_port: str = "465"
    mail_security: str = "tls"
    mail_user: str = ""
    mail_password: str = ""
    mail_sender: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailState:
    """The tab."""

    form: MailForm = field(default_factory=MailForm)
    errors: tuple[tuple[str, str], ...] = ()
    has_password: bool = False
    changed: bool = False
    busy: bool = False
    tested: str = ""
    test_failed: bool = False
    note: str = ""
    problem: str = ""


def security_choices() -> list[Choice]:
    """Return the kinds of encryption."""
    return [(translate(f"settings.mail.security_{kind}"), kind) for kind in SECURITIES]


class MailPresenter:
    """The intents of the tab. GUI thread."""

    def __init__(self, counter: Counter, doors: MailSetUp, on_change: Callable[[MailState], None]) -> None:
        self._counter = counter
        self._doors = doors
        self._on_change = on_change
        self.state = MailState(form=self._standing())

    def _standing(self) -> MailForm:
        now = self._counter.shop.current.value.mail
        return MailForm(
            mail_server=now.server,
            mail_port=str(now.port),
            mail_security=now.security,
            mail_user=now.user,
            mail_sender=now.sender,
        )

    def open(self) -> None:
        """Show what is in force, unless something typed waits to be saved."""
        if not self.state.changed:
            self._change(form=self._standing(), errors=(), tested="", note="", problem="")
        self._doors.net.run(
            self._doors.has_password, lambda has: self._change(has_password=has), lambda _problem: None
        )

    def edit(self, form: MailForm) -> None:
        """The fields hold other values; another kind of encryption brings its usual port along."""
        before = self.state.form
        if form.mail_security != before.mail_security and form.mail_port == str(PORTS[before.mail_security]):
            form = replace(form, mail_port=str(PORTS[form.mail_security]))
        self._change(form=form, errors=(), changed=form != self._standing(), tested="", note="", problem="")

    def revert(self) -> None:
        """Forget what was not saved."""
        self._change(form=self._standing(), errors=(), changed=False, tested="", note="", problem="")

    def test(self) -> None:
        """Sign in with what stands in the form, saved or not, and send nothing."""
        settings = self._read()
        if settings is None or self.state.busy:
            return
        if not settings.is_set:
            self._change(errors=(("mail_server", translate("common.field.required")),))
            return
        typed = self.state.form.mail_password
        self._change(busy=True, tested=translate("settings.mail.testing"), test_failed=False)
        self._doors.net.run(
            lambda: self._doors.check(settings, typed or None),
            lambda _none: self._change(busy=False, tested=translate("settings.mail.works")),
            lambda problem: self._change(busy=False, tested=self._words(problem), test_failed=True),
        )

    def save(self) -> None:
        """Put the form in force, or say under each field what is wrong."""
        settings = self._read()
        if settings is None or self.state.busy:
            return
        if not self.state.changed:
            self._change(note=translate("settings.note.nothing"))
            return
        counter, typed = self._counter, self.state.form.mail_password
        who = counter.session.who
        whole = msgspec.structs.replace(counter.shop.current.value, mail=settings)
        self._change(busy=True, errors=(), problem="")

        def password_saved(_none: object) -> None:
            counter.db.run(lambda: counter.shop.settings.change(who, whole), self._saved, self._not_saved)

        if typed:
            self._doors.net.run(lambda: self._doors.save_password(typed), password_saved, self._not_saved)
        else:
            password_saved(None)

    def _saved(self, _none: object) -> None:
        has = self.state.has_password or bool(self.state.form.mail_password)
        self._change(
            busy=False,
            changed=False,
            form=self._standing(),
            has_password=has,
            note=translate("settings.note.saved"),
        )
        # What waited for the right server waits no longer.
        self._counter.db.run(
            self._counter.shop.mailing.try_again, lambda _none: self._counter.wake_mail(), self._not_saved
        )

    def _not_saved(self, problem: Exception) -> None:
        self._change(busy=False, problem=self._words(problem))

    def _words(self, problem: Exception) -> str:
        return words_of(problem, self._counter.shop.current.value.money)

    def _read(self) -> MailSettings | None:
        """Return the settings that the form means; None after saying what is wrong with it."""
        form = self.state.form
        port = fold(form.mail_port).strip()
        settings = MailSettings(
            server=form.mail_server.strip(),
            port=int(port) if port.isascii() and port.isdigit() and len(port) < 6 else 0,
            security=form.mail_security,
            user=form.mail_user.strip(),
            sender=form.mail_sender.strip(),
        )
        try:
            check_mail_settings(settings)
        except InvalidValueError as error:
            name = str(error.params["field"])
            self._change(errors=((name, translate(f"settings.error.{name}")),))
            return None
        return settings

    def _change(self, **changes: object) -> None:
        self.state = replace(self.state, **changes)  # type: ignore[arg-type]
        self._on_change(self.state)
