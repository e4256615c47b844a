"""The shop's mail server as a till's settings make it: the composition of letters.

Decides where the password is kept and what the page of settings needs to try a server before it is saved.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pos_app.domain.mail import MailSettings
from pos_app.persistence.secrets import MailPassword, uses_key_store
from pos_app.services.ports.lane import Lane
from pos_app.services.ports.mail import Post
from pos_app.services.shop import Shop

if TYPE_CHECKING:
    from ui.settings.mail_presenter import MailSetUp


@dataclass(frozen=True, slots=True)
class ShopMail:
    """The post of a till."""

    shop: Shop
    kept: MailPassword

    def post(self) -> Post:
        """Return what sends by the settings in force."""
        from pos_app.hardware.mail_smtp import SmtpPost

        return SmtpPost(lambda: self.shop.current.value.mail, self.kept.load)

    def check(self, settings: MailSettings, password: str | None) -> None:
        """Sign in with settings that are not saved yet; None is the password that is kept. Raises a MailError."""
        from pos_app.hardware.mail_smtp import SmtpPost

        SmtpPost(lambda: settings, lambda: self.kept.load() if password is None else password).check()

    def set_up(self, net: Lane) -> "MailSetUp":
        """Return what the page of settings needs."""
        from ui.settings.mail_presenter import MailSetUp

        return MailSetUp(net=net, check=self.check, save_password=self.kept.save, has_password=self._has)

    def _has(self) -> bool:
        return self.kept.load() is not None


def shop_mail(keys: Path, shop: Shop) -> ShopMail | None:
    """Return the post of a shop whose secrets are in a folder; None in practice, which keeps no password."""
    if shop.current.value.practice:
        return None
    return ShopMail(shop, MailPassword(keys, use_key_store=uses_key_store()))
