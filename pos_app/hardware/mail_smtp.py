"""The shop's mail server, by SMTP with the standard library.

Decides the order of the conversation (connect, make safe, sign in, hand over), its timeouts, and which answer is which
kind of failure: by RFC 5321 §4.2.1 what begins with 4 may go well later, what begins with 5 never will. An error names
no address and no password, and neither does its cause: what the library says of them is left behind.
"""

import smtplib
import ssl
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from pos_app.domain.mail import MailSettings
from pos_app.services.ports.mail import (
    Letter,
    MailAddressRefusedError,
    MailError,
    MailNoAnswerError,
    MailRefusedError,
    MailSenderRefusedError,
    MailSignInError,
    MailTlsError,
)

TIMEOUT_S = 15.0
_WELCOME = 235


class SmtpPost:
    """A `Post`; settings and password are asked for each letter, so that a change serves the next one."""

    def __init__(
        self,
        settings: Callable[[], MailSettings],
        password: Callable[[], str | None],
        trust: Callable[[], ssl.SSLContext] = ssl.create_default_context,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        self._settings, self._password, self._trust, self._timeout_s = settings, password, trust, timeout_s

    def check(self) -> None:
        """Sign in and send nothing; raise a MailError."""
        with self._line(self._settings()) as line:
            line.noop()

    def send(self, letter: Letter) -> None:
        """Hand a letter over; raise a MailError or MailRefusedError."""
        settings = self._settings()
        message = written(letter, settings)
        with self._line(settings) as line:
            line.send_message(message, ascii_address(settings.sender), [ascii_address(letter.to)])

    @contextmanager
    def _line(self, settings: MailSettings) -> Iterator[smtplib.SMTP]:
        line: smtplib.SMTP | None = None
        failure: MailError | MailRefusedError | None = None
        try:
            line = self._connected(settings)
            yield line
        except (smtplib.SMTPException, OSError, UnicodeError) as problem:
            failure = meaning(problem)
        finally:
            if line is not None:
                with suppress(smtplib.SMTPException, OSError):
                    line.quit()
                line.close()
        if failure is not None:
            raise failure from None

    def _connected(self, settings: MailSettings) -> smtplib.SMTP:
        where = (settings.server, settings.port)
        if settings.security == "tls":
            line: smtplib.SMTP = smtplib.SMTP_SSL(*where, timeout=self._timeout_s, context=self._trust())
        else:
            line = smtplib.SMTP(*where, timeout=self._timeout_s)
        try:
            if settings.security == "starttls":
                _starttls(line, self._trust())
            if settings.user:
                _sign_in(line, settings.user, self._password() or "")
        except BaseException:
            line.close()
            raise
        return line


def _starttls(line: smtplib.SMTP, trust: ssl.SSLContext) -> None:
    try:
        line.starttls(context=trust)
    except smtplib.SMTPNotSupportedError:
        # Without it the password would go out for everybody to read.
        raise MailTlsError() from None


def _sign_in(line: smtplib.SMTP, user: str, password: str) -> None:
    try:
        if (user + password).isascii():
            line.login(user, password)
        else:
            _sign_in_plain(line, user, password)
    except smtplib.SMTPNotSupportedError:
        raise MailSignInError() from None


def _sign_in_plain(line: smtplib.SMTP, user: str, password: str) -> None:
    """Sign in by AUTH PLAIN in UTF-8 (RFC 4616), which the library does in ASCII only."""
    line.ehlo_or_helo_if_needed()
    if not line.has_extn("auth"):
        raise MailSignInError()
    code, words = line.docmd("AUTH", "PLAIN " + b64encode(f"\0{user}\0{password}".encode()).decode())
    if code != _WELCOME:
        raise smtplib.SMTPAuthenticationError(code, words)


def written(letter: Letter, settings: MailSettings) -> EmailMessage:
    """Return a letter as it goes over the wire (RFC 5322, MIME)."""
    message = EmailMessage(policy=SMTP)
    sender = ascii_address(settings.sender)
    message["From"] = Address(letter.sender_name, addr_spec=sender)
    message["To"] = ascii_address(letter.to)
    message["Subject"] = " ".join(letter.subject.split())
    message["Date"] = format_datetime(letter.written_at)
    message["Message-ID"] = f"<{letter.letter_id.hex}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    for each in letter.enclosures:
        message.add_attachment(each.content, maintype="application", subtype="pdf", filename=each.name)
    return message


def ascii_address(address: str) -> str:
    """Return an address with its domain as servers write it (RFC 3490, which is what Python has)."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain.encode('idna').decode('ascii')}"


def meaning(problem: Exception) -> MailError | MailRefusedError:
    """Return what a failure of the conversation means for the letter."""
    match problem:
        case ssl.SSLError():
            return MailTlsError()
        case smtplib.SMTPAuthenticationError():
            return MailSignInError() if problem.smtp_code >= 500 else MailError()
        case smtplib.SMTPRecipientsRefused():
            codes = [code for code, _ in problem.recipients.values()]
            return MailAddressRefusedError() if codes and min(codes) >= 500 else MailError()
        case smtplib.SMTPSenderRefused():
            return MailSenderRefusedError() if problem.smtp_code >= 500 else MailError()
        case smtplib.SMTPConnectError():
            return MailError()
        case smtplib.SMTPResponseException():
            return MailRefusedError() if problem.smtp_code >= 500 else MailError()
        case UnicodeError():
            return MailAddressRefusedError()
    return MailNoAnswerError()
