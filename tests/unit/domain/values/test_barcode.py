"""A scan means what is printed on the goods, and a wrong one is never taken for another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.values.barcode import (
    DEFAULT_SCALE_PATTERNS,
    CheckDigitError,
    ScaleCode,
    ScalePattern,
    candidates,
    check_digit,
    ean13,
    expand_upc_e,
    fold,
    gs1_elements,
    is_valid_gtin,
    number_of,
    parse_scale_code,
    strip_symbology,
    writings,
)

DIGITS = "0123456789"


@pytest.mark.parametrize(
    "code",
    [
        "4006381333931",
        "6901234567892",
        "9780201379624",
        "96385074",
        "036000291452",
        "10012345678902",
        "00036000291452",
    ],
)
def test_published_numbers_have_right_check_digits(code: str) -> None:
    assert is_valid_gtin(code)
    assert not is_valid_gtin(code[:-1] + DIGITS[int(code[-1]) - 9])


@given(st.text(DIGITS, min_size=7, max_size=7) | st.text(DIGITS, min_size=12, max_size=13), st.data())
def test_one_wrong_digit_is_always_found(body: str, data: st.DataObject) -> None:
    code = body + check_digit(body)
    place = data.draw(st.integers(0, len(code) - 1))
    wrong = data.draw(st.sampled_from(DIGITS).filter(lambda d: d != code[place]))
    assert is_valid_gtin(code)
    assert not is_valid_gtin(code[:place] + wrong + code[place + 1 :])


@given(st.integers(0, 10**9 - 1))
def test_a_number_becomes_a_valid_ean(number: int) -> None:
    code = ean13(number, "200")
    assert is_valid_gtin(code)
    assert code.startswith("200")
    assert int(code[3:-1]) == number


def test_a_number_too_long_for_an_ean_is_a_bug() -> None:
    with pytest.raises(ValueError, match="too long"):
        ean13(10**10, "200")


@pytest.mark.parametrize(
    ("upc_e", "upc_a"),
    [
        ("01201303", "012000000133"),
        ("01234505", "012000003455"),
        ("01234514", "012100003454"),
        ("01234523", "012200003453"),
        ("01234531", "012300000451"),
        ("01234543", "012340000053"),
        ("01234558", "012345000058"),
        ("01234565", "012345000065"),
        ("01234572", "012345000072"),
        ("01234589", "012345000089"),
        ("01234596", "012345000096"),
        ("04252614", "042100005264"),
        ("12345670", "123456000070"),
    ],
)
def test_upc_e_expands_by_the_table_of_gs1(upc_e: str, upc_a: str) -> None:
    assert is_valid_gtin(upc_a)
    assert expand_upc_e(upc_e) == upc_a


@pytest.mark.parametrize("code", ["01201304", "21201303", "0120130", "0²201303", "abcdefgh", ""])
def test_what_is_no_upc_e_stays_unexpanded(code: str) -> None:
    assert expand_upc_e(code) is None


@pytest.mark.parametrize(
    ("scanned", "also"),
    [
        ("036000291452", "0036000291452"),
        ("0036000291452", "036000291452"),
        ("00036000291452", "036000291452"),
        ("04252614", "042100005264"),
        ("04252614", "0042100005264"),
        ("]E00036000291452", "036000291452"),
        ("]C1010690123456789217261231", "6901234567892"),
        ("\x1d0106901234567892", "6901234567892"),
        ("]d201069012345678921012A\x1d21S1", "6901234567892"),
    ],
)
def test_every_writing_of_one_number_finds_the_goods(scanned: str, also: str) -> None:
    assert also in candidates(scanned)
    assert candidates(scanned)[0] == strip_symbology(scanned)


@pytest.mark.parametrize(
    ("kept", "forms"),
    [
        ("036000291452", ("036000291452", "0036000291452", "00036000291452")),
        ("0036000291452", ("0036000291452", "036000291452", "00036000291452")),
        ("00036000291452", ("00036000291452", "036000291452", "0036000291452")),
        ("6901234567892", ("6901234567892", "06901234567892")),
        ("06901234567892", ("06901234567892", "6901234567892")),
        ("16901234567899", ("16901234567899",)),
        ("0036000291453", ("0036000291453",)),
        ("04252614", ("04252614", "042100005264", "0042100005264")),
        ("A-0036000291", ("A-0036000291",)),
    ],
)
def test_a_kept_barcode_is_known_in_every_form_of_its_number(kept: str, forms: tuple[str, ...]) -> None:
    assert writings(kept) == forms


@given(st.integers(0, 10**11 - 1))
def test_all_forms_of_a_number_are_one_number(number: int) -> None:
    body = str(number).zfill(11)
    upc_a = body + check_digit(body)
    assert {number_of(form) for form in writings(upc_a)} == {upc_a}
    assert all(set(writings(form)) == set(writings(upc_a)) for form in writings(upc_a))


def test_a_case_code_is_not_the_code_of_the_tin() -> None:
    assert candidates("16901234567899") == ("16901234567899",)


@pytest.mark.parametrize(
    "text",
    ["6901234567890", "N01-1-2026-000123", "https://example.com/01/06901234567892?x=1", "]", "0²345678"],
)
def test_what_is_no_standard_number_is_looked_up_as_it_stands(text: str) -> None:
    assert candidates(text) == (text,)


@given(st.text(max_size=40))
def test_any_scan_is_read_without_a_crash(text: str) -> None:
    forms = candidates(text)
    assert forms[0] == strip_symbology(text)
    assert len(set(forms)) == len(forms)
    gs1_elements(text)
    assert parse_scale_code(text, ()) is None


@given(st.text(DIGITS + "\x1d]AC01", max_size=40))
def test_anything_like_a_gs1_string_is_read_without_a_crash(text: str) -> None:
    elements = gs1_elements(text)
    assert not elements or is_valid_gtin(elements["01"])


def test_full_width_digits_of_an_input_method_are_folded() -> None:
    assert fold("　６９０１２３４５６７８９２ ") == "6901234567892"
    assert fold("ＡＢ－１") == "AB-1"


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("]C16901234567892", "6901234567892"),
        ("]Q3https://a", "https://a"),
        ("\x1d01", "01"),
        ("]C1", "]C1"),
        ("6901", "6901"),
    ],
)
def test_what_the_scanner_says_of_itself_is_dropped(text: str, bare: str) -> None:
    assert strip_symbology(text) == bare


def test_a_gs1_string_gives_batch_expiry_serial_and_weight() -> None:
    text = "0106901234567892" + "17261231" + "3103003260" + "10B7-2\x1d" + "21S-001"
    assert gs1_elements(text) == {
        "01": "06901234567892",
        "17": "261231",
        "3103": "003260",
        "10": "B7-2",
        "21": "S-001",
    }


def test_identifiers_that_the_till_does_not_use_are_no_reason_to_lose_the_goods() -> None:
    text = (
        "010690123456789237" + "12\x1d" + "240ABC\x1d" + "392219900\x1d" + "7003261231" + "1200\x1d" + "91own"
    )
    elements = gs1_elements(text)
    assert elements["01"] == "06901234567892"
    assert (elements["37"], elements["240"], elements["3922"], elements["91"]) == (
        "12",
        "ABC",
        "19900",
        "own",
    )


@pytest.mark.parametrize(
    "text",
    [
        "6901234567892",
        "0106901234567893",
        "01069012345678921726123",
        "0106901234567892ZZ",
        "17261231",
        "",
        "01²",
    ],
)
def test_what_is_no_gs1_string_gives_nothing(text: str) -> None:
    assert gs1_elements(text) == {}


def _scale(body: str) -> str:
    return body + check_digit(body)


@pytest.mark.parametrize(
    ("body", "read"),
    [
        ("210012300452", ScaleCode("00123", 452, None)),
        ("220012301990", ScaleCode("00123", None, 1990)),
        ("21001230045200899", ScaleCode("00123", 452, 899)),
        ("210012300000", ScaleCode("00123", 0, None)),
    ],
)
def test_a_scale_code_says_item_and_weight_or_price(body: str, read: ScaleCode) -> None:
    assert parse_scale_code(_scale(body), DEFAULT_SCALE_PATTERNS) == read


@given(
    st.sampled_from(["21", "22"]),
    st.text(DIGITS, min_size=10, max_size=10) | st.text(DIGITS, min_size=15, max_size=15),
)
def test_a_misread_scale_code_never_gives_a_weight(prefix: str, body: str) -> None:
    good = _scale(prefix + body)
    wrong = good[:-1] + str((int(good[-1]) + 1) % 10)
    if any(p.prefix == prefix and len(p.shape) == len(good) for p in DEFAULT_SCALE_PATTERNS):
        with pytest.raises(CheckDigitError) as refused:
            parse_scale_code(wrong, DEFAULT_SCALE_PATTERNS)
        assert refused.value.params["code_text"] == wrong
    else:
        assert parse_scale_code(wrong, DEFAULT_SCALE_PATTERNS) is None


def test_a_shop_can_write_its_own_pattern_with_a_verifier() -> None:
    pattern = ScalePattern("28", "PPIIIIVWWWWWC")
    assert parse_scale_code(_scale("281234901500"), (pattern,)) == ScaleCode("1234", 1500, None)


@pytest.mark.parametrize("code", ["6901234567892", "2100123004", "21００12300452", "abc"])
def test_other_codes_are_no_scale_codes(code: str) -> None:
    assert parse_scale_code(code, DEFAULT_SCALE_PATTERNS) is None
