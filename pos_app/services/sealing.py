"""Sealing personal fields: what stands in the journal can be made unreadable without breaking its chain.

Each person has one random key, kept outside the journal; deleting it erases every sealed field (DESIGN.md §4).
Decides which key seals what; the cipher is a port.
"""

from base64 import b64decode, b64encode
from collections.abc import Mapping

import msgspec

from pos_app.domain.members import Profile
from pos_app.domain.values.ids import SubjectId
from pos_app.services.ports.clock import Cipher
from pos_app.services.ports.store import Tx

_decoder = msgspec.json.Decoder(Profile)


class Sealer:
    """Seals and opens texts and profiles of a subject."""

    def __init__(self, cipher: Cipher) -> None:
        self._cipher = cipher

    def seal_text(self, tx: Tx, subject: SubjectId, text: str) -> str:
        """Return a text sealed with the subject's key, as base64; the key is made when there is none."""
        return self._seal(tx, subject, text.encode())

    def open_text(self, tx: Tx, subject: SubjectId, sealed: str) -> str | None:
        """Return a sealed text, or None when its key was destroyed."""
        plain = self._open(tx, subject, sealed)
        return None if plain is None else plain.decode()

    def open_texts(
        self, tx: Tx, subject: SubjectId, sealed: Mapping[str, str | None]
    ) -> dict[str, str | None] | None:
        """Return several sealed texts by their names, or None when their key was destroyed; the key is asked once.

        Raises ValueError where another key sealed them.
        """
        key = tx.subject_keys.get(subject)
        if key is None:
            return None
        plain = self._cipher.unseal
        return {
            name: None if text is None else plain(key, b64decode(text), subject.bytes).decode()
            for name, text in sealed.items()
        }

    def seal_profile(self, tx: Tx, subject: SubjectId, profile: Profile) -> str:
        """Return a profile sealed with the subject's key."""
        return self._seal(tx, subject, msgspec.json.encode(profile))

    def new_key(self) -> bytes:
        """Return a key for a subject that has none; whoever asks keeps it."""
        return self._cipher.new_key()

    def sealed_with(self, key: bytes, subject: SubjectId, profile: Profile) -> str:
        """Return a profile sealed with a key of the subject that is at hand, as base64; asks nothing of the store."""
        return b64encode(self._cipher.seal(key, msgspec.json.encode(profile), subject.bytes)).decode()

    def open_profile(self, tx: Tx, subject: SubjectId, sealed: str) -> Profile | None:
        """Return a sealed profile, or None when its key was destroyed."""
        plain = self._open(tx, subject, sealed)
        return None if plain is None else _decoder.decode(plain)

    def _seal(self, tx: Tx, subject: SubjectId, plain: bytes) -> str:
        key = tx.subject_keys.get(subject)
        if key is None:
            key = self._cipher.new_key()
            tx.subject_keys.add(subject, key)
        return b64encode(self._cipher.seal(key, plain, subject.bytes)).decode()

    def _open(self, tx: Tx, subject: SubjectId, sealed: str) -> bytes | None:
        key = tx.subject_keys.get(subject)
        return None if key is None else self._cipher.unseal(key, b64decode(sealed), subject.bytes)
