"""What is typed of a member and what it means."""

from datetime import date

import pytest

from pos_app.domain.members import Child
from ui.members.draft import ChildDraft, Draft, child_of, faults_of

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    "typed", ["2025-03-08", "2025/3/8", "20250308", "2025.3.8", "2025年3月8日", " 2025 - 3 - 8 "]
)
def test_a_birthday_is_understood_however_it_is_written(typed: str) -> None:
    assert child_of(ChildDraft(when=typed), TODAY) == Child(born_on=date(2025, 3, 8))


@pytest.mark.parametrize("typed", ["2025-03", "202503", "2025年3月"])
def test_a_month_of_birth_is_enough(typed: str) -> None:
    assert child_of(ChildDraft(when=typed), TODAY) == Child(born_on=date(2025, 3, 1), month_only=True)


@pytest.mark.parametrize("typed", ["abc", "2025-13-01", "2026-11-23", "1990-01-01", "9" * 8, "１", "-"])
def test_no_birthday_is_taken_that_is_none(typed: str) -> None:
    assert child_of(ChildDraft(when=typed), TODAY) is None


def test_a_due_date_lies_within_ten_months() -> None:
    assert child_of(ChildDraft(when="2027-03-01", expected=True), TODAY) == Child(due_on=date(2027, 3, 1))
    assert child_of(ChildDraft(when="2028-03-01", expected=True), TODAY) is None


def test_a_phone_and_a_yes_are_enough() -> None:
    assert not faults_of(Draft(phone="13800001234", agreed=True), TODAY)
    assert set(faults_of(Draft(), TODAY).fields) == {"phone", "agreed"}


def test_a_name_of_somebody_new_that_is_too_long_is_said_to_be() -> None:
    for name, fault in ((" " + "长" * 40 + " ", False), ("长" * 41, True)):
        found = faults_of(Draft(phone="13800001234", agreed=True, name=name), TODAY).fields
        assert ("name" in found) is fault
