"""Addresses as shopkeepers type them become whole, and what is none is refused."""

import pytest

from sync.client.addresses import Address, address_of, meant_by

PRINT = "ab" * 32


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("shuke.example.com", ["https://shuke.example.com"]),
        (" shuke.example.com:8443/ ", ["https://shuke.example.com:8443"]),
        ("https://shuke.example.com/till/", ["https://shuke.example.com/till"]),
        ("http://shuke.example.com", ["http://shuke.example.com"]),
        ("192.168.1.5", ["https://192.168.1.5:8765", "http://192.168.1.5:8765"]),
        ("192.168.1.5:9000", ["https://192.168.1.5:9000", "http://192.168.1.5:9000"]),
        ("localhost", ["https://localhost:8765", "http://localhost:8765"]),
        ("[::1]", ["https://[::1]:8765", "http://[::1]:8765"]),
        ("kasse.local", ["https://kasse.local:8765", "http://kasse.local:8765"]),
        (f"10.0.0.2#sha256={PRINT}", [f"https://10.0.0.2:8765#sha256={PRINT}"]),
    ],
)
def test_an_address_is_made_whole_and_plain_http_is_tried_only_near_by(typed: str, meant: list[str]) -> None:
    assert [str(each) for each in meant_by(typed)] == meant


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "  ",
        "my platform",
        "ftp://a.example",
        "https://",
        "https://me:secret@a.example",
        "https://a.example?x=1",
        "https://a.example:port",
        "https://a.example#sha256=12",
        "https://a.example#md5=" + PRINT,
        "http://a.example#sha256=" + PRINT,
    ],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(ValueError):
        meant_by(typed)


def test_a_fingerprint_is_taken_however_it_is_written_and_kept_in_one_text() -> None:
    written = ":".join(["AB"] * 32)
    address = address_of(f"https://a.example#SHA256={written}")
    assert address == Address("https://a.example", PRINT)
    assert address_of(str(address)) == address
