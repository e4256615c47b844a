"""E-mail as a shop sends it: by which server, in whose name, and what counts as an address.

Decides which settings and addresses are taken, and what may be said of an address aloud. The password is no setting:
it is kept with the till's secrets. Source of the form of addresses: RFC 5321 §4.1.2 and §4.5.3.1 (lengths), without
quoted local parts and literals, which no customer has; the domain may be in Han characters (RFC 5890).
"""

import re

import msgspec

from pos_app.domain.errors import InvalidValueError

SECURITIES = ("tls", "starttls", "none")
"""TLS from the first byte (usually port 465), upgraded (587), or not at all (a server in the shop's own network)."""
PORTS = {"tls": 465, "starttls": 587, "none": 25}
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}")
_LABEL = re.compile(r"[^\W_](?:[\w-]{0,61}[^\W_])?")
_HOST = re.compile(r"[^\s/@?#]{1,253}")
_FULL_WIDTH = {ord("\uff20"): "@", ord("\uff0e"): ".", ord("\u3002"): "."}


class MailSettings(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The server that takes a shop's letters; without one nothing is sent. `user` "" signs in nowhere."""

    server: str = ""
    port: int = 465
    security: str = "tls"
    user: str = ""
    sender: str = ""
    """The shop's own address."""

    @property
    def is_set(self) -> bool:
        """Whether letters can be sent at all."""
        return bool(self.server and self.sender)


def check_mail_settings(mail: MailSettings) -> None:
    """Raise InvalidValueError, whose `field` begins with "mail_", for what no letter could be sent with."""
    if mail.server and not _HOST.fullmatch(mail.server):
        raise InvalidValueError(field="mail_server", text=mail.server)
    if not 0 < mail.port < 65536:
        raise InvalidValueError(field="mail_port", text=str(mail.port))
    if mail.security not in SECURITIES:
        raise InvalidValueError(field="mail_security", text=mail.security)
    if mail.user and mail.security == "none" and not _is_local(mail.server):
        # A password would cross the internet for everybody to read.
        raise InvalidValueError(field="mail_user", text=mail.user)
    if mail.server and not mail.sender:
        raise InvalidValueError(field="mail_sender", text="")
    if mail.sender:
        try:
            address(mail.sender)
        except InvalidValueError:
            raise InvalidValueError(field="mail_sender", text=mail.sender) from None


def _is_local(server: str) -> bool:
    return server in ("localhost", "127.0.0.1", "::1")


def address(text: str) -> str:
    """Return an address as typed, folded to what servers read; raise InvalidValueError for what is none."""
    typed = text.strip().translate(_FULL_WIDTH)
    local, at, domain = typed.rpartition("@")
    labels = domain.split(".")
    fits = (
        bool(at)
        and len(typed) <= 254
        and _LOCAL.fullmatch(local) is not None
        and not local.startswith(".")
        and not local.endswith(".")
        and ".." not in local
        and len(labels) >= 2
        and all(_LABEL.fullmatch(label) for label in labels)
        and not labels[-1].isdigit()
    )
    if not fits:
        raise InvalidValueError(field="mail_address", text="")
    return f"{local}@{domain.lower()}"


def masked(text: str) -> str:
    """Return an address as it may be shown: w***@example.com."""
    local, _, domain = text.rpartition("@")
    return f"{local[:1]}***@{domain}"
