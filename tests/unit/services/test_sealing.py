"""A person's fields are sealed with a key of her own, and with it they go."""

from dataclasses import dataclass, field
from datetime import date
from typing import cast
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.members import KeyKind, MemberKey, Profile
from pos_app.domain.values.ids import SubjectId
from pos_app.persistence.secrets import AesCipher
from pos_app.services.ports.store import Tx
from pos_app.services.sealing import Sealer

HER, HIM = SubjectId(UUID(int=1)), SubjectId(UUID(int=2))


@dataclass
class Keys:
    """Keys in memory, and the transaction around them."""

    kept: dict[SubjectId, bytes] = field(default_factory=dict)

    @property
    def subject_keys(self) -> "Keys":
        """Itself."""
        return self

    def get(self, subject: SubjectId) -> bytes | None:
        """Return a key."""
        return self.kept.get(subject)

    def add(self, subject: SubjectId, key: bytes) -> None:
        """Keep a key, the first time only."""
        assert subject not in self.kept
        self.kept[subject] = key


def opened() -> tuple[Sealer, Tx, Keys]:
    """Return a sealer, a transaction, and the keys in it."""
    keys = Keys()
    return Sealer(AesCipher()), cast(Tx, keys), keys


@given(st.text(max_size=50))
def test_a_sealed_text_comes_back_and_does_not_show(text: str) -> None:
    sealer, tx, keys = opened()
    sealed = sealer.seal_text(tx, HER, text)
    assert sealer.open_text(tx, HER, sealed) == text
    assert sealed.isascii() and (len(text) < 6 or text not in sealed)
    assert sealer.seal_text(tx, HER, text) != sealed, "equal texts do not look equal"
    assert len(keys.kept) == 1


def test_a_profile_comes_back_whole() -> None:
    sealer, tx, _ = opened()
    profile = Profile(
        name="欧阳婉清",
        birthday=date(1991, 3, 7),
        keys=(MemberKey(kind=KeyKind.PHONE, value="+8613800138000"),),
    )
    assert sealer.open_profile(tx, HER, sealer.seal_profile(tx, HER, profile)) == profile


def test_nobody_elses_key_opens_it_and_no_key_means_gone() -> None:
    sealer, tx, keys = opened()
    sealed = sealer.seal_text(tx, HER, "婉清")
    sealer.seal_text(tx, HIM, "x")
    with pytest.raises(ValueError):
        sealer.open_text(tx, HIM, sealed)
    keys.kept[HIM] = keys.kept[HER]
    with pytest.raises(ValueError):
        sealer.open_text(tx, HIM, sealed)
    del keys.kept[HER]
    assert sealer.open_text(tx, HER, sealed) is None and sealer.open_profile(tx, HER, sealed) is None


@given(st.integers(0, 27), st.integers(0, 7))
def test_a_changed_byte_is_noticed(place: int, bit: int) -> None:
    cipher = AesCipher()
    key = cipher.new_key()
    sealed = bytearray(cipher.seal(key, b"", b"context"))
    assert len(sealed) == 28
    sealed[place] ^= 1 << bit
    with pytest.raises(ValueError):
        cipher.unseal(key, bytes(sealed), b"context")
