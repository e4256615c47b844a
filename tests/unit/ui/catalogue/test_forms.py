"""What is typed into the forms of goods, and how it is read."""

from datetime import date

import pytest

from pos_app.domain.values.money import currency
from pos_app.words import speaking
from ui.catalogue.forms import ON, Entry, Form, FormFaults, Reading

YUAN = currency("CNY")


def reading(text: str) -> Reading:
    return Reading({"field": text}, YUAN)


@pytest.mark.parametrize(
    ("typed", "fen"),
    [("12.5", 1250), ("¥1,299.00", 129900), ("１２．５", 1250), ("0", 0), ("  7 ", 700), ("￥8", 800)],
)
def test_an_amount_is_read_however_a_manager_writes_it(typed: str, fen: int) -> None:
    read = reading(typed)
    assert read.amount("field") == fen and not read.faults


@pytest.mark.parametrize("typed", ["1,29x", "1,2", "-3", "12.345", "1e3", "十二"])
def test_an_amount_that_is_none_says_what_one_looks_like(typed: str) -> None:
    read = reading(typed)
    with speaking("zh_CN"):
        assert read.amount("field") is None and read.faults == {"field": "请输入金额，如 1299.00"}


@pytest.mark.parametrize(
    ("typed", "mg"), [("3.26", 3260), ("3.260g", 3260), ("", 0), ("0", 0), ("0.000", 0), ("12", 12000)]
)
def test_grams_are_kept_as_milligrams(typed: str, mg: int) -> None:
    read = reading(typed)
    assert read.weight("field") == mg and not read.faults


@pytest.mark.parametrize("typed", ["-1", "3.2601", "x", "..", "3,26"])
def test_a_weight_that_is_none_is_refused(typed: str) -> None:
    read = reading(typed)
    read.weight("field")
    assert list(read.faults) == ["field"]


@pytest.mark.parametrize(
    "typed", ["2026-05-01", "2026/5/1", "20260501", "2026.05.01", "２０２６－０５－０１"]
)
def test_a_day_is_read_in_the_ways_it_is_written(typed: str) -> None:
    assert reading(typed).day("field") == date(2026, 5, 1)


@pytest.mark.parametrize("typed", ["2026-02-30", "1.5.26.7", "morgen", "45231", "2026-5"])
def test_a_day_that_is_none_is_refused(typed: str) -> None:
    read = reading(typed)
    assert read.day("field") is None and list(read.faults) == ["field"]


def test_everything_wrong_is_told_at_once() -> None:
    read = Reading({"name": " ", "price": "x"}, YUAN)
    read.text("name", required=True)
    read.amount("price")
    with pytest.raises(FormFaults) as wrong:
        read.check()
    assert set(wrong.value.faults) == {"name", "price"}


def test_a_form_typed_back_to_what_it_was_has_not_changed() -> None:
    form = Form("t", (Entry("name", "n", value="a"), Entry("on", "o", "tick")))
    assert form.typed({"name": "b", "on": ""}).changed
    assert form.typed({"name": "a", "on": ON}).changed
    assert not form.typed({"name": "a", "on": ""}).changed


def test_a_fault_goes_when_its_field_is_typed_in_and_the_others_stay() -> None:
    form = Form("t", (Entry("a", "a"), Entry("b", "b"))).typed({"a": "", "b": ""})
    form = form.with_faults({"a": "!", "b": "!"}).typed({"a": "1", "b": ""})
    assert [entry.error for entry in form.entries] == ["", "!"]
