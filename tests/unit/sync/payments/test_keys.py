"""Keys as merchants have them: PEM, bare Base64, certificates; and the usual mix-ups, named."""

import base64
from functools import lru_cache

import pytest

from pos_app.services.ports.payments import ProviderSettingError
from pos_app.services.ports.wallet_keys import KeyPair
from sync.payments.keys import read_pair, read_private, read_public
from sync.payments.simulator.papers import WalletPapers, _wallet


@lru_cache(maxsize=1)
def papers() -> WalletPapers:
    return _wallet(app_id="1", merchant_id="", merchant_serial="", provider_serial="")


def bare(pem: str) -> str:
    return "".join(line for line in pem.splitlines() if "-----" not in line)


@pytest.mark.parametrize("shape", ["pem", "bare", "with spaces", "marked"])
def test_a_key_is_read_however_it_was_copied(shape: str) -> None:
    private, public = papers().merchant_private, papers().provider_public
    if shape in ("bare", "with spaces"):
        private, public = bare(private), bare(public)
    if shape == "with spaces":
        private, public = f"\n {private[:64]}\n{private[64:]} ", f" {public}\r\n"
    if shape == "marked":
        private, public = "\ufeff" + private, "\ufeff" + public
    mine, _ = read_pair(private, public)
    assert read_private(papers().merchant_private).public().fits(b"bill", mine.sign(b"bill"))
    assert not mine.public().fits(b"other bill", mine.sign(b"bill"))


@pytest.mark.parametrize(
    ("private", "problem"),
    [
        ("", "missing"),
        ("   \n", "missing"),
        ("no key at all!", "unreadable"),
        ("aGVsbG8=", "unreadable"),
        ("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", "unreadable"),
        ("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----", "encrypted"),
        ("public", "public_given"),
        ("x" * 30_000, "unreadable"),
    ],
)
def test_what_is_the_matter_with_a_private_key_is_said(private: str, problem: str) -> None:
    given = papers().provider_public if private == "public" else private
    with pytest.raises(ProviderSettingError) as told:
        read_private(given)
    assert told.value.params == {"field": "private_key", "problem": problem}


def test_a_private_key_in_the_place_of_the_wallets_is_named_and_so_is_ones_own() -> None:
    with pytest.raises(ProviderSettingError) as told:
        read_public(papers().merchant_private)
    assert told.value.params["problem"] == "private_given"
    own = WalletPapers(**{name: getattr(papers(), name) for name in WalletPapers.__struct_fields__})
    mine = read_private(own.provider_private)
    with pytest.raises(ProviderSettingError) as told:
        read_pair(own.provider_private, own.provider_public)
    assert told.value.params["problem"] == "own_key" and mine


def test_a_key_of_another_kind_or_too_short_is_not_taken() -> None:
    from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    for key, problem in (
        (ed25519.Ed25519PrivateKey.generate(), "not_rsa"),
        (rsa.generate_private_key(65_537, 1024), "too_short"),
    ):
        der = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        with pytest.raises(ProviderSettingError) as told:
            read_private(base64.b64encode(der).decode())
        assert told.value.params["problem"] == problem


def test_no_repr_shows_a_key() -> None:
    assert "PRIVATE" not in repr(KeyPair(papers().merchant_private, papers().provider_public))
