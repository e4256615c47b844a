"""Secrets of a data folder: only their owner may read the file, a key store goes first, and nothing shows them."""

import stat
import sys
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError

from pos_app.persistence.secrets import KeptSecret, TillSigner, TokenKeeper


class KeyStore(KeyringBackend):
    """A system's key store in memory, which may be locked."""

    priority = 5.0  # type: ignore[assignment]
    name = "memory"

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.is_locked = False

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.is_locked:
            raise KeyringLocked
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if (service, username) not in self.kept:
            raise PasswordDeleteError
        del self.kept[service, username]


@pytest.fixture
def key_store(monkeypatch: pytest.MonkeyPatch) -> KeyStore:
    """The key store of the system."""
    store = KeyStore()
    monkeypatch.setattr(keyring, "get_keyring", lambda: store)
    monkeypatch.setattr(keyring, "get_password", store.get_password)
    monkeypatch.setattr(keyring, "set_password", store.set_password)
    monkeypatch.setattr(keyring, "delete_password", store.delete_password)
    return store


def test_a_token_is_kept_replaced_and_forgotten_in_a_file_of_its_owner(tmp_path: Path) -> None:
    keeper, file = TokenKeeper(tmp_path / "keys", use_key_store=False), tmp_path / "keys" / "platform.token"
    assert keeper.load() is None
    keeper.forget()
    for token in ("first", "second"):
        keeper.save(token)
        assert TokenKeeper(tmp_path / "keys", use_key_store=False).load() == token
        if sys.platform != "win32":
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [each.name for each in file.parent.iterdir()] == ["platform.token"]
    keeper.forget()
    assert keeper.load() is None and not file.exists()


def test_a_save_that_was_cut_off_is_done_again(tmp_path: Path) -> None:
    (tmp_path / "platform.token.new").write_text("half")
    keeper = TokenKeeper(tmp_path, use_key_store=False)
    assert keeper.load() is None
    keeper.save("whole")
    assert keeper.load() == "whole" and not (tmp_path / "platform.token.new").exists()


def test_where_there_is_a_key_store_no_file_is_written(tmp_path: Path, key_store: KeyStore) -> None:
    keeper = TokenKeeper(tmp_path)
    keeper.save("secret")
    assert list(tmp_path.iterdir()) == [] and keeper.load() == "secret"
    keeper.forget()
    assert key_store.kept == {} and keeper.load() is None
    keeper.forget()


def test_a_key_store_that_is_locked_is_no_reason_to_lose_the_token(
    tmp_path: Path, key_store: KeyStore
) -> None:
    keeper = TokenKeeper(tmp_path)
    key_store.is_locked = True
    keeper.save("first")
    assert keeper.load() == "first" and (tmp_path / "platform.token").exists()
    key_store.is_locked = False
    keeper.save("second")
    assert keeper.load() == "second" and not (tmp_path / "platform.token").exists()


def test_two_folders_and_two_names_do_not_share_a_secret(tmp_path: Path, key_store: KeyStore) -> None:
    secrets = [KeptSecret(tmp_path / folder, name) for folder in ("a", "b") for name in ("x", "y")]
    for number, secret in enumerate(secrets):
        secret.save(str(number))
    assert [secret.load() for secret in secrets] == ["0", "1", "2", "3"]


def test_the_signing_key_of_a_folder_stays_the_same(tmp_path: Path) -> None:
    first = TillSigner(tmp_path, use_key_store=False)
    assert first.kept_in() == "file"
    key = first.public_key()
    assert TillSigner(tmp_path, use_key_store=False).public_key() == key
    assert TillSigner(tmp_path / "other", use_key_store=False).public_key() != key


def test_nothing_shows_a_secret(tmp_path: Path) -> None:
    keeper = TokenKeeper(tmp_path, use_key_store=False)
    keeper.save("verysecret")
    assert "verysecret" not in repr(keeper) + repr(vars(keeper))
