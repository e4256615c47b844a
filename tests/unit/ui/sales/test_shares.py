"""Who sold, as typed."""

import pytest

from ui.sales.shares import SalespersonUnknownError, SharesError, read_shares

STAFF = {"03": "王", "04": "赵", "05": "孙"}


@pytest.mark.parametrize(
    ("typed", "shares"),
    [
        ("05", {"05": 100}),
        ("05 04", {"05": 50, "04": 50}),
        ("03，04、05", {"03": 34, "04": 33, "05": 33}),
        ("05=60 04=40", {"05": 60, "04": 40}),
        ("05：60 04：40", {"05": 60, "04": 40}),
    ],
)
def test_shares_are_whole_and_make_a_hundred(typed: str, shares: dict[str, int]) -> None:
    assert read_shares(typed, STAFF) == shares and sum(shares.values()) == 100


@pytest.mark.parametrize("typed", ["05 05", "05=60", "05=60 04", "05=0 04=100", "05=60 04=50", "05=x"])
def test_shares_that_do_not_add_up_are_refused(typed: str) -> None:
    with pytest.raises(SharesError):
        read_shares(typed, STAFF)


def test_somebody_unknown_is_named() -> None:
    with pytest.raises(SalespersonUnknownError) as caught:
        read_shares("05 99", STAFF)
    assert caught.value.params == {"text": "99"}
