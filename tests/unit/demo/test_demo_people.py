"""The demo shop's people: members with children in each stage, rare names, and staff who can sign in."""

from collections import Counter
from datetime import date, timedelta
from importlib.resources import as_file, files

import pytest

from pos_app.domain.members import Child, Purpose, Stage, stage_of
from pos_app.domain.staff import Role, check_pin_form
from pos_app.domain.values.phone import normalise
from tests.unit.demo.demo_tables import TABLES, column, rows, shop

DAYS = (date(2026, 11, 22), date(2028, 2, 29), date(2030, 1, 1))


def test_two_hundred_members_and_no_phone_or_card_has_two_owners() -> None:
    members = rows("members")
    assert len(members) >= 200
    phones = column("members", "phone") + column("members", "other_phone")
    cards = column("members", "card")
    assert len(phones) == len(set(phones)) and len(cards) == len(set(cards))
    assert all(normalise(phone) == phone for phone in phones)


def test_phones_are_seen_to_be_invented() -> None:
    assert all(phone[6:10] == "0000" for phone in column("members", "phone"))


def test_four_digits_find_more_than_one_member() -> None:
    last = Counter(phone[-4:] for phone in column("members", "phone"))
    assert max(last.values()) >= 2


@pytest.mark.parametrize("today", DAYS)
def test_children_are_in_every_stage_whatever_the_day(today: date) -> None:
    stages = Counter(
        stage_of(Child(born_on=today + timedelta(days=int(days))), today)
        for days in column("children", "born_in_days")
    )
    assert None not in stages
    assert all(stages[stage] >= 10 for stage in Stage), stages


def test_who_has_children_agreed_to_their_being_kept() -> None:
    agreed = {row["member"]: {c.split("/")[0] for c in row["consents"].split("|")} for row in rows("members")}
    assert all("membership" in purposes for purposes in agreed.values())
    assert all("children" in agreed[row["member"]] for row in rows("children"))
    purposes = {purpose.split(":")[0] for row in agreed.values() for purpose in row}
    assert purposes == {purpose.value for purpose in Purpose}


@pytest.mark.parametrize("rare", "镕祎赟喆堃婳垚䶮㛃")
def test_rare_characters_stand_in_somebodys_name(rare: str) -> None:
    assert any(rare in name for name in column("members", "name"))


def test_names_that_pinyin_reads_in_two_ways_are_there() -> None:
    surnames = {name[0] for name in column("members", "name")}
    assert set("单仇解查区乐盖覃曾") <= surnames


def test_two_members_may_share_a_name() -> None:
    assert max(Counter(column("members", "name")).values()) >= 2


def test_mothers_are_old_enough_for_their_children() -> None:
    born = {row["member"]: row["born_in_days"] for row in rows("members")}
    for row in rows("children"):
        if born[row["member"]]:
            assert int(row["born_in_days"]) - int(born[row["member"]]) > 18 * 365, row


def test_every_level_has_members_and_guests_have_no_card() -> None:
    assert set(column("members", "level")) == {"0", "1", "2", "3", "4", "5"}
    assert all(bool(row["card"]) == (row["level"] != "0") for row in rows("members"))


def test_a_birthday_is_today_or_near() -> None:
    today = DAYS[0]
    near = 0
    for days in column("members", "born_in_days"):
        born = today + timedelta(days=int(days))
        ahead = (date(today.year, born.month, min(born.day, 28)) - today).days
        near += 0 <= ahead <= 7
    assert near >= 3


def test_staff_of_every_role_sign_in_with_pins_of_their_own() -> None:
    staff = rows("staff")
    assert Counter(row["role"] for row in staff) == {
        Role.OWNER: 1,
        Role.MANAGER: 1,
        Role.CASHIER: 2,
        Role.CLERK: 1,
    }
    for row in staff:
        check_pin_form(row["pin"])
    for name in ("staff", "pin", "badge", "name"):
        assert len(set(column("staff", name))) == len(staff)


def test_every_character_of_the_demo_is_in_the_font() -> None:
    from reportlab.pdfbase.ttfonts import TTFontFile

    with as_file(files("resources") / "fonts" / "NotoSansSC-Regular.ttf") as path:
        drawn = set(TTFontFile(str(path)).charToGlyph)
    text = str(shop()) + "".join("".join(row.values()) for table in TABLES for row in rows(table))
    assert {c for c in text if ord(c) not in drawn and not c.isspace()} == set()
