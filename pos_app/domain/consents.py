"""What a member said yes or no to: the latest word on each purpose and channel counts.

Decides which consents a shop asks for and which word is in force; recording is the services'.
"""

from pos_app.domain.errors import ExpectedError
from pos_app.domain.members import Consent, Purpose

CHANNELS = ("sms", "phone", "wechat", "email")
"""How a shop may reach a member for marketing; each is asked for by itself."""

ASKED: tuple[tuple[Purpose, str | None], ...] = (
    (Purpose.MEMBERSHIP, None),
    (Purpose.CHILDREN, None),
    *((Purpose.MARKETING, channel) for channel in CHANNELS),
)
"""Every consent that a member can give or withdraw, in the order of the screen."""


class MembershipConsentError(ExpectedError):
    """Without the consent to membership there is nothing to keep: the member must be erased instead."""

    code = "members.error.erase_instead"


def latest(consents: tuple[Consent, ...], purpose: Purpose, channel: str | None = None) -> Consent | None:
    """Return the word in force on a purpose over a channel; one given without a channel is for all of them."""
    said = [c for c in consents if c.purpose is purpose and c.channel in (channel, None)]
    return said[-1] if said else None


def agreed(consents: tuple[Consent, ...], purpose: Purpose, channel: str | None = None) -> bool:
    """Whether the word in force is a yes; silence is none."""
    word = latest(consents, purpose, channel)
    return word is not None and word.given
