"""Head office over REST, on both databases: tills, one-time codes, members; each with a token for it and no other."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import requests

from pos_app.domain.values.ids import MerchantId, ShopId
from sync.client.http import HttpPlatform
from sync.platform import tables
from sync.platform.app import Behind, handlers_of, routes_of
from sync.platform.openapi import TOLD
from sync.platform.staff import revoke_token
from sync.platform.tills import MOST_TRIES, found_merchant, new_code
from sync.platform.watching import DEATH_WAITS_MS
from sync.protocol.errors import Number, PlatformError
from sync.protocol.messages import Ask, Asked, Hello, Pull, TillState
from tests.support.platform_server import PATIENCE_S, RunningPlatform, running_platform
from tests.support.sync_journal import CLOCK, SHOP, TILL, Journal, enrolment

ALL = ("members:read", "members:write", "members:merge", "tills:read", "tills:write")
OTHER_SHOP = ShopId(UUID(int=4))
NEW, SECOND = UUID(int=0x99), UUID(int=0x98)
NASTY = "'; DROP TABLE member; -- <script>alert(1)</script> \\ \u202e 镕䶮"


@pytest.fixture
def platform(tmp_path: Path, address: str) -> Iterator[RunningPlatform]:
    """A platform on each kind of database, with one till."""
    with running_platform(tmp_path, address) as running:
        gate = HttpPlatform(running.address)
        gate.enrol(enrolment(running.service.new_code(running.merchant)))
        gate.close()
        yield running


class Office:
    """Head office: what it asks with its token."""

    def __init__(self, platform: RunningPlatform, *scopes: str, name: str = "head office") -> None:
        self._at = platform.address
        self._session = requests.Session()
        self._session.headers["authorization"] = f"Bearer {platform.token(*scopes, name=name)}"

    def ask(self, method: str, path: str, body: Any = None, status: int = 200, **headers: str) -> Any:
        """Ask, and expect a status; return the JSON of the answer."""
        answer = self._session.request(
            method, f"{self._at}/v1/{path}", json=body, headers=headers, timeout=PATIENCE_S
        )
        assert answer.headers["content-type"] == "application/json"
        assert answer.status_code == status, answer.text
        return answer.json()

    def close(self) -> None:
        """Hang up."""
        self._session.close()


@pytest.fixture
def office(platform: RunningPlatform) -> Iterator[Office]:
    """Head office with a token for everything."""
    made = Office(platform, *ALL)
    yield made
    made.close()


def a_member(phone: str = "138 0013 8000", name: str = "林小满", member: UUID = NEW) -> dict[str, Any]:
    """Return what is asked to sign a member up."""
    keys = [{"kind": "phone", "value": phone}]
    consent = {"purpose": "membership", "given": True, "text_version": "1", "how": "online"}
    return {
        "member": str(member),
        "shop": str(SHOP),
        "fields": {"name": name, "keys": keys},
        "consents": [consent],
    }


# -- who may ----------------------------------------------------------------------------------------------


def test_each_route_wants_a_token_of_staff_with_its_scope(platform: RunningPlatform) -> None:
    nobody = Office(platform, "metrics", name="watcher")
    asked = 0
    for (method, path), told in TOLD.items():
        if told.scope is None or path == "/metrics":
            continue
        where = re.sub(r"\{\w+\}", str(UUID(int=1)), path).removeprefix("/v1/")
        assert nobody.ask(method, where, status=403)["number"] == Number.SCOPE
        for headers in ({}, {"authorization": "Bearer shuke_staff_AAAA"}, {"authorization": "Basic YTpi"}):
            answer = requests.request(
                method, f"{platform.address}{path}", headers=headers, timeout=PATIENCE_S
            )
            assert (answer.status_code, answer.json()["number"]) == (401, Number.STAFF_TOKEN)
        asked += 1
    nobody.close()
    assert asked == 14


def test_a_token_that_was_taken_back_opens_nothing_and_neither_does_a_tills(
    platform: RunningPlatform,
) -> None:
    office = Office(platform, "tills:read", name="gone")
    assert len(office.ask("GET", "admin/tills")["tills"]) == 1
    now = platform.service.outside.now_ms()
    platform.service.database.write(lambda c: revoke_token(c, platform.merchant, "gone", now))
    assert office.ask("GET", "admin/tills", status=401)["name"] == "staff_token"
    office.close()
    gate = HttpPlatform(platform.address)
    till = gate.enrol(enrolment(platform.service.new_code(platform.merchant))).token
    gate.close()
    headers = {"authorization": f"Bearer {till}"}
    answer = requests.get(f"{platform.address}/v1/admin/tills", headers=headers, timeout=PATIENCE_S)
    assert answer.json()["number"] == Number.STAFF_TOKEN
    way = HttpPlatform(platform.address, platform.token("tills:read", name="no till"))
    with pytest.raises(PlatformError) as refused:
        way.pull(Pull(p=1))
    assert refused.value.number is Number.TOKEN
    way.close()


def test_the_description_tells_of_each_route_there_is(platform: RunningPlatform) -> None:
    told = requests.get(f"{platform.address}/schema/openapi.json", timeout=PATIENCE_S).json()
    there = {(method, path) for path, item in told["paths"].items() for method in item}
    assert there == set(routes_of(handlers_of(Behind(object(), object())))) == set(TOLD)  # type: ignore[arg-type]
    assert told["openapi"] == "3.1.0" and "MemberShown" in told["components"]["schemas"]


# -- tills ------------------------------------------------------------------------------------------------


def test_tills_are_listed_with_how_far_they_are(platform: RunningPlatform, office: Office) -> None:
    gate = HttpPlatform(platform.address)
    token = gate.enrol(enrolment(platform.service.new_code(platform.merchant))).token
    gate.close()
    way, said = HttpPlatform(platform.address, token), Journal()
    said.write("a", "b")
    way.push(said.push(0))
    (till,) = office.ask("GET", "admin/tills")["tills"]
    assert (till["till"], till["shop"], till["shop_code"], till["code"]) == (str(TILL), str(SHOP), "N01", "7")
    assert (till["state"], till["epoch"], till["seq"]) == ("ok", 1, 2)
    assert till["behind"] > 0, "it never pulled, and its shop is a document"
    page = way.pull(Pull(p=1))
    way.pull(Pull(p=1, cursor=page.cursor))
    way.close()
    assert office.ask("GET", f"admin/tills/{TILL}")["behind"] == 0
    for other in (str(UUID(int=1)), "nonsense", "%00"):
        assert office.ask("GET", f"admin/tills/{other}", status=404)["number"] == Number.NOT_FOUND


def test_five_wrong_uses_spoil_a_code(platform: RunningPlatform, office: Office) -> None:
    made = office.ask("POST", "admin/codes", {"shop": str(SHOP)}, status=201)
    assert re.fullmatch(r"[A-Z2-7]{4}-[A-Z2-7]{4}", made["code"])
    gate = HttpPlatform(platform.address)
    for _ in range(MOST_TRIES):
        with pytest.raises(PlatformError) as refused:
            gate.enrol(enrolment(made["code"], till=UUID(int=55), currency="USD"))
        assert refused.value.number is Number.OTHER_CURRENCY
    (shown,) = [each for each in office.ask("GET", "admin/codes")["codes"] if each["shop"] == str(SHOP)]
    assert (shown["tries"], "code" in shown) == (MOST_TRIES, False)
    gate.close()
    # Not over the wire, where its address would be refused first.
    with pytest.raises(PlatformError) as refused:
        platform.service.enrol(enrolment(made["code"], till=UUID(int=55)))
    assert refused.value.number is Number.CODE_TRIED_TOO_OFTEN
    for body in ({"shop": str(OTHER_SHOP)}, {"shop": str(UUID(int=0))}):
        assert office.ask("POST", "admin/codes", body, status=404)["number"] == Number.NOT_FOUND
    assert office.ask("POST", "admin/codes", {"shop": "N01"}, status=422)["field"] == "shop"


def test_a_till_that_guesses_codes_is_not_listened_to_though_it_finds_one(platform: RunningPlatform) -> None:
    gate = HttpPlatform(platform.address)
    for guess in range(MOST_TRIES):
        with pytest.raises(PlatformError) as refused:
            gate.enrol(enrolment(f"AAAA-AAA{'ABCDE'[guess]}", till=UUID(int=56)))
        assert refused.value.number is Number.CODE
    right = platform.service.new_code(platform.merchant)
    with pytest.raises(PlatformError) as refused:
        gate.enrol(enrolment(right, till=UUID(int=56)))
    assert refused.value.number is Number.CODE_TRIED_TOO_OFTEN
    gate.close()


def test_a_revoked_till_learns_nothing_more_and_may_still_push(
    platform: RunningPlatform, office: Office
) -> None:
    gate = HttpPlatform(platform.address)
    token = gate.enrol(enrolment(platform.service.new_code(platform.merchant))).token
    gate.close()
    assert office.ask("POST", f"admin/tills/{TILL}/revoke")["state"] == "revoked"
    way, said = HttpPlatform(platform.address, token), Journal()
    said.write("a")
    for ask in (lambda: way.pull(Pull(p=1)), way.prepare, lambda: list(way.fetch("0-0", 0))):
        with pytest.raises(PlatformError) as refused:
            ask()
        assert refused.value.number is Number.REVOKED
    reply = way.push(said.push(0))
    assert (reply.ack, reply.results[0].state) == (said.head, "quarantined")
    way.close()


def test_it_takes_two_persons_within_a_day_to_declare_a_till_dead(
    platform: RunningPlatform, office: Office
) -> None:
    path = f"admin/tills/{TILL}/declare-dead"
    second = Office(platform, "tills:write", name="the owner")
    assert office.ask("POST", path, status=202)["dead_asked_by"] == "head office"
    assert office.ask("POST", path, status=202)["state"] == "ok", "one person stays one, however often"
    yesterday = platform.service.outside.now_ms() - DEATH_WAITS_MS - 1
    change = tables.declared_dead.update().values(asked_at=yesterday)
    platform.service.database.write(lambda c: c.execute(change))
    assert second.ask("POST", path, status=202)["dead_asked_by"] == "the owner", "the first word is too old"
    dead = office.ask("POST", path)
    assert (dead["state"], dead["dead_asked_by"]) == ("closed", "")
    assert office.ask("POST", f"admin/tills/{TILL}/revoke")["state"] == "closed", "dead is for good"
    second.close()


def test_a_till_that_was_declared_dead_is_told_so_and_learns_nothing_more(platform: RunningPlatform) -> None:
    gate = HttpPlatform(platform.address)
    token = gate.enrol(enrolment(platform.service.new_code(platform.merchant))).token
    gate.close()
    closed = tables.till.update().values(state="closed")
    platform.service.database.write(lambda c: c.execute(closed))
    way, said = HttpPlatform(platform.address, token), Journal()
    said.write("a")
    asked = Ask(p=1, what=Asked.MEMBERS, text="138")
    for ask in (
        lambda: way.pull(Pull(p=1)),
        lambda: way.ask(asked),
        way.prepare,
        lambda: list(way.fetch("0-0", 0)),
    ):
        with pytest.raises(PlatformError) as refused:
            ask()
        assert refused.value.number is Number.REVOKED
    assert way.push(said.push(0)).state is TillState.CLOSED
    hello = Hello(least=1, newest=1, till=TILL, head=said.head, clock=CLOCK)
    assert way.hello(hello).state is TillState.CLOSED
    way.close()


def test_of_another_merchant_nothing_is_seen_and_nothing_done(
    platform: RunningPlatform, office: Office
) -> None:
    database, outside = platform.service.database, platform.service.outside
    stranger = MerchantId(UUID(int=0xFFFF))

    def found(connection: Any) -> str:
        found_merchant(connection, stranger, "CNY", bytes(32), outside.now_ms() + 1)
        return new_code(connection, stranger, outside.random, outside.now_ms())

    gate, till = HttpPlatform(platform.address), UUID(int=77)
    gate.enrol(enrolment(database.write(found), till=till, shop=OTHER_SHOP))
    gate.close()
    office.ask("POST", "members", a_member(), status=201)
    assert [each["till"] for each in office.ask("GET", "admin/tills")["tills"]] == [str(TILL)]
    for action in ("revoke", "declare-dead"):
        assert office.ask("POST", f"admin/tills/{till}/{action}", status=404)["number"] == Number.NOT_FOUND
    theirs = replace(platform, merchant=stranger)
    other = Office(theirs, *ALL)
    assert other.ask("GET", f"members/{NEW}", status=404)["number"] == Number.NOT_FOUND
    found_there = other.ask("POST", "members/search", {"text": "13800138000"})
    assert found_there == {"members": [], "more": False}
    both = {"kept": str(NEW), "other": str(NEW)}
    assert other.ask("POST", "members/merge", both, status=404)["number"] == Number.NOT_FOUND
    other.close()


# -- members ----------------------------------------------------------------------------------------------


def test_a_member_is_signed_up_found_read_edited_and_her_history_told(office: Office) -> None:
    shown = office.ask("POST", "members", a_member(), status=201)
    assert shown["member"]["profile"]["keys"][0]["value"] == "+8613800138000"
    found = office.ask("POST", "members/search", {"text": "13800138000"})
    assert [each["member"]["member_id"] for each in found["members"]] == [str(NEW)]
    assert office.ask("GET", f"members/{NEW}") == shown
    tag = f'"{shown["position"]}"'
    edited = office.ask("PATCH", f"members/{NEW}", {"occupation": "教师"}, **{"if-match": tag})
    assert edited["member"]["profile"]["occupation"] == "教师" and edited["position"] > shown["position"]
    late = office.ask("PATCH", f"members/{NEW}", {"notes": "x"}, status=409, **{"if-match": tag})
    assert (late["number"], late["name"]) == (Number.CHANGED_MEANWHILE, "changed_meanwhile")
    told = office.ask("GET", f"members/{NEW}/history")["changes"]
    assert [each["what"] for each in told] == ["edited", "registered"]


def test_two_members_are_made_one_as_the_preview_said_and_parted_again(office: Office) -> None:
    office.ask("POST", "members", a_member(), status=201)
    office.ask("POST", "members", a_member("13900139000", member=SECOND), status=201)
    both = {"kept": str(NEW), "other": str(SECOND)}
    preview = office.ask("POST", "members/merge-preview", both)
    merged = office.ask("POST", "members/merge", both)
    assert len(merged["member"]["profile"]["keys"]) == len(preview["merged"]["profile"]["keys"]) == 2
    assert office.ask("GET", f"members/{SECOND}")["member"]["member_id"] == str(NEW)
    assert office.ask("POST", "members/merge", both, status=409)["reason"] == "one_already"
    parted = office.ask("POST", f"members/{NEW}/un-merge")
    assert {each["member"]["member_id"] for each in parted["members"]} == {str(NEW), str(SECOND)}
    assert office.ask("POST", f"members/{NEW}/un-merge", status=409)["number"] == Number.MERGE_REFUSED


def test_words_that_are_code_elsewhere_are_only_words_here(office: Office, platform: RunningPlatform) -> None:
    shown = office.ask("POST", "members", a_member(name=NASTY), status=201)
    assert shown["member"]["profile"]["name"] == NASTY
    found = office.ask("POST", "members/search", {"text": NASTY[:50]})
    assert [each["member"]["profile"]["name"] for each in found["members"]] in ([], [NASTY])
    for text in ("%", "_", "' OR 1=1 --", '"', "\\", "*"):
        office.ask("POST", "members/search", {"text": text})
    assert office.ask("GET", f"members/{NEW}")["member"]["profile"]["name"] == NASTY


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"member": "x"}, "member"),
        ({"shop": str(OTHER_SHOP)}, "shop"),
        ({"consents": []}, "consents"),
        ({"fields": {"keys": [{"kind": "phone", "value": "12"}]}}, "fields.keys[0].value"),
        ({"fields": {"keys": [{"kind": "card", "value": "  "}]}}, "fields.keys[0].value"),
        ({"fields": {"name": "x" * 101}}, "fields.name"),
        ({"fields": {"level": "gold"}}, "fields.level"),
        ({"fields": {"name": "a\0b"}}, "body"),
    ],
)
def test_a_sign_up_that_does_not_fit_names_its_field(
    office: Office, change: dict[str, Any], field: str
) -> None:
    refused = office.ask("POST", "members", a_member() | change, status=422)
    assert (refused["number"], refused["name"], refused["field"]) == (Number.INVALID, "invalid", field)


def test_an_edit_without_the_version_it_is_of_is_none(office: Office) -> None:
    office.ask("POST", "members", a_member(), status=201)
    for tag in ({}, {"if-match": "*"}, {"if-match": '"x"'}, {"if-match": '"' + "9" * 30 + '"'}):
        refused = office.ask("PATCH", f"members/{NEW}", {"notes": "x"}, status=422, **tag)
        assert (refused["number"], refused["field"]) == (Number.INVALID, "if-match")
    huge = {"if-match": '"9223372036854775808"'}
    assert office.ask("PATCH", f"members/{NEW}", {"notes": "x"}, status=409, **huge)["number"] == 3002


def test_a_phone_that_is_somebodys_signs_nobody_else_up(office: Office) -> None:
    office.ask("POST", "members", a_member(), status=201)
    assert office.ask("POST", "members", a_member(member=SECOND), status=409)["number"] == Number.EXISTS
