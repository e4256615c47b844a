"""RSA keys of merchant and wallet: reading what a merchant has, signing requests, checking answers.

Decides which texts are taken as keys: PEM (PKCS#1, PKCS#8, a certificate for the wallet's key), or the bare Base64
that Alipay's key tool writes. Both wallets sign with RSA, PKCS#1 v1.5 and SHA-256: WeChat Pay calls it
WECHATPAY2-SHA256-RSA2048 (https://pay.weixin.qq.com/wiki/doc/apiv3/wechatpay/wechatpay4_1.shtml), Alipay RSA2
(sign_with_rsa2 of github.com/alipay/alipay-sdk-python-all). A key is in no error and in no `repr`. Loads
cryptography when used.
"""

import base64
import binascii
import re
from typing import TYPE_CHECKING

from pos_app.services.ports.payments import ProviderSettingError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

FEWEST_BITS = 2048
PRIVATE, PUBLIC = "private_key", "provider_key"
"""The fields that a ProviderSettingError names."""
_BARE = re.compile(r"[A-Za-z0-9+/=\s]+")
_LONGEST = 20_000


class MerchantKey:
    """The merchant's private key, which signs what is asked."""

    def __init__(self, key: "RSAPrivateKey") -> None:
        self._key = key

    def sign(self, message: bytes) -> str:
        """Return the signature in Base64."""
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
        from cryptography.hazmat.primitives.hashes import SHA256

        return base64.b64encode(self._key.sign(message, PKCS1v15(), SHA256())).decode("ascii")

    def public(self) -> "ProviderKey":
        """Return the public half."""
        return ProviderKey(self._key.public_key())


class ProviderKey:
    """A public key, which checks what was answered."""

    def __init__(self, key: "RSAPublicKey") -> None:
        self._key = key

    def fits(self, message: bytes, signature: str) -> bool:
        """Whether a signature in Base64 is this key's for the very bytes."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
        from cryptography.hazmat.primitives.hashes import SHA256

        try:
            self._key.verify(base64.b64decode(signature, validate=True), message, PKCS1v15(), SHA256())
        except (InvalidSignature, binascii.Error, ValueError):
            return False
        return True

    def is_same(self, other: "ProviderKey") -> bool:
        """Whether it is the very same key."""
        return self._key.public_numbers() == other._key.public_numbers()


def read_private(text: str) -> MerchantKey:
    """Read the merchant's private key; raise ProviderSettingError for `private_key` with what is the matter."""
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_der_private_key, load_pem_private_key

    pem, der = _parts(text, PRIVATE)
    if "PUBLIC KEY" in text or "CERTIFICATE" in text:
        raise ProviderSettingError(field=PRIVATE, problem="public_given")
    if "ENCRYPTED" in text:
        raise ProviderSettingError(field=PRIVATE, problem="encrypted")
    try:
        key = load_pem_private_key(pem, None) if pem else load_der_private_key(der, None)
    except (ValueError, TypeError):
        raise ProviderSettingError(field=PRIVATE, problem="unreadable") from None
    except Exception:
        # Of an algorithm that the library does not know; the cause would quote the key.
        raise ProviderSettingError(field=PRIVATE, problem="not_rsa") from None
    if not isinstance(key, RSAPrivateKey):
        raise ProviderSettingError(field=PRIVATE, problem="not_rsa")
    _judge_size(key.key_size, PRIVATE)
    return MerchantKey(key)


def read_public(text: str) -> ProviderKey:
    """Read the wallet's public key, or its certificate; raise ProviderSettingError for `provider_key`."""
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import load_der_public_key, load_pem_public_key
    from cryptography.x509 import load_pem_x509_certificate

    pem, der = _parts(text, PUBLIC)
    if "PRIVATE KEY" in text:
        raise ProviderSettingError(field=PUBLIC, problem="private_given")
    try:
        key: object
        if b"CERTIFICATE" in pem:
            key = load_pem_x509_certificate(pem).public_key()
        else:
            key = load_pem_public_key(pem) if pem else load_der_public_key(der)
    except (ValueError, TypeError):
        raise ProviderSettingError(field=PUBLIC, problem="unreadable") from None
    except Exception:
        raise ProviderSettingError(field=PUBLIC, problem="not_rsa") from None
    if not isinstance(key, RSAPublicKey):
        raise ProviderSettingError(field=PUBLIC, problem="not_rsa")
    _judge_size(key.key_size, PUBLIC)
    return ProviderKey(key)


def read_pair(private: str, public: str) -> tuple[MerchantKey, ProviderKey]:
    """Read both; also raise where the wallet's key is the merchant's own, which is the usual mix-up."""
    mine, theirs = read_private(private), read_public(public)
    if theirs.is_same(mine.public()):
        raise ProviderSettingError(field=PUBLIC, problem="own_key")
    return mine, theirs


def _judge_size(bits: int, field: str) -> None:
    if bits < FEWEST_BITS:
        raise ProviderSettingError(field=field, problem="too_short")


def _parts(text: str, field: str) -> tuple[bytes, bytes]:
    """Return a PEM, or the bytes of bare Base64; the other one is empty."""
    text = text.strip().lstrip("\ufeff")
    if not text:
        raise ProviderSettingError(field=field, problem="missing")
    if "-----BEGIN" in text and text.isascii() and len(text) <= _LONGEST:
        return text.encode("ascii"), b""
    if len(text) <= _LONGEST and _BARE.fullmatch(text):
        try:
            return b"", base64.b64decode("".join(text.split()), validate=True)
        except binascii.Error:
            pass
    raise ProviderSettingError(field=field, problem="unreadable")
