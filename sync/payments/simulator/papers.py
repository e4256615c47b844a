"""The papers of the one merchant whom the played wallets know: numbers and keys, made once in the simulator's folder.

Decides what a shop needs to be its customer. None of it is worth anything elsewhere.
"""

import os
from pathlib import Path

import msgspec

from pos_app.domain.payments.settings import PaymentSettings, WalletSettings
from pos_app.domain.sales.tenders import TenderKind
from sync.payments.keys import read_private, read_public
from sync.payments.simulator.sides import Merchant

FILE = "papers.json"


class WalletPapers(msgspec.Struct, frozen=True, kw_only=True):
    """One wallet: the merchant's numbers, its private key, and both halves of the wallet's own."""

    app_id: str
    merchant_id: str
    merchant_serial: str
    provider_serial: str
    merchant_private: str
    provider_private: str
    provider_public: str

    def merchant(self) -> Merchant:
        """Return what the played wallet knows of its merchant."""
        return Merchant(
            app_id=self.app_id,
            merchant_id=self.merchant_id,
            merchant_serial=self.merchant_serial,
            provider_serial=self.provider_serial,
            merchant_key=read_private(self.merchant_private).public(),
            provider_key=read_private(self.provider_private),
        )

    def settings(self, address: str) -> WalletSettings:
        """Return what the shop sets."""
        return WalletSettings(
            enabled=True,
            app_id=self.app_id,
            merchant_id=self.merchant_id,
            address=address,
            merchant_serial=self.merchant_serial,
            provider_serial=self.provider_serial,
        )


class Papers(msgspec.Struct, frozen=True, kw_only=True):
    """Both wallets, and a secret from which codes are made that nobody guesses."""

    wechat_pay: WalletPapers
    alipay: WalletPapers
    secret: str

    def settings(self, address: str) -> PaymentSettings:
        """Return what a shop sets to be paid through the simulator."""
        return PaymentSettings(
            wechat_pay=self.wechat_pay.settings(address), alipay=self.alipay.settings(address)
        )

    def of(self, kind: TenderKind) -> WalletPapers:
        """Return one wallet's."""
        return self.alipay if kind is TenderKind.ALIPAY else self.wechat_pay


def papers_in(folder: Path) -> Papers:
    """Return the papers of a folder, made when there are none."""
    file = folder / FILE
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        aside = file.with_suffix(".new")
        aside.unlink(missing_ok=True)
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(msgspec.json.encode(_make()))
        aside.replace(file)
    papers = msgspec.json.decode(file.read_bytes(), type=Papers)
    for each in (papers.wechat_pay, papers.alipay):
        read_public(each.provider_public)
    return papers


def _make() -> Papers:
    wechat_pay = _wallet(
        app_id="wx0000000000000000",
        merchant_id="1900000001",
        merchant_serial="5157F09EFDC096DE15EBE81A47057A7232F1B8E1",
        provider_serial="PUB_KEY_ID_0119000000012026010100000000000000",
    )
    alipay = _wallet(app_id="2021000000000000", merchant_id="", merchant_serial="", provider_serial="")
    return Papers(wechat_pay=wechat_pay, alipay=alipay, secret=_pair()[1].splitlines()[2])


def _wallet(*, app_id: str, merchant_id: str, merchant_serial: str, provider_serial: str) -> WalletPapers:
    merchant_private, _ = _pair()
    provider_private, provider_public = _pair()
    return WalletPapers(
        app_id=app_id,
        merchant_id=merchant_id,
        merchant_serial=merchant_serial,
        provider_serial=provider_serial,
        merchant_private=merchant_private,
        provider_private=provider_private,
        provider_public=provider_public,
    )


def _pair() -> tuple[str, str]:
    """Return a new private key and its public half as PEM."""
    from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        NoEncryption,
        PrivateFormat,
        PublicFormat,
    )

    key = generate_private_key(public_exponent=65_537, key_size=2048)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return private.decode("ascii"), public.decode("ascii")
