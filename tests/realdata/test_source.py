"""The source's own sums: the fixed point that sales tables and journal are measured against."""

from tests.realdata.source import cents, odd_rows, source_lines, totals, weeks_of


def test_weeks_one_to_four_hold_the_baskets_and_lines_their_publisher_counted() -> None:
    found = totals(list(source_lines(weeks_of("1-4"))))
    assert (found.baskets, found.lines) == (9_151, 90_777)
    assert (found.amount_cents, found.discount_cents) == (27_089_548, 4_774_381)


def test_the_first_baskets_are_whole_and_come_in_the_order_they_were_rung() -> None:
    week = list(source_lines(weeks_of("2")))
    first = list(source_lines(weeks_of("2"), baskets=25))
    assert len({line.basket_id for line in first}) == 25
    assert first == week[: len(first)]
    assert week[len(first)].basket_id not in {line.basket_id for line in first}


def test_a_manufacturers_coupon_stands_in_neither_sum() -> None:
    lines = list(source_lines(weeks_of("1")))
    odd = odd_rows(lines)
    assert odd.coupon_beyond_amount > 0, "a coupon beyond the line cannot be a reduction of the line"
    assert odd.amount_negative == 0


def test_a_field_that_drifted_in_binary_still_rounds_to_its_cents() -> None:
    assert cents(1.776357e-15) == 0
    assert cents(0.29) == 29
    assert cents(1.005) == 101
    assert cents(840.0) == 84_000
