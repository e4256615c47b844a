"""Exports in both languages read back the same; refused rows come back mended; every reason has its words."""

from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest

from pos_app.documents.tables.exports import columns_of, fault_text, fields_of, write_export, write_refused
from pos_app.documents.tables.layout import Table
from pos_app.documents.tables.opening import open_table
from pos_app.domain.anniversaries import MonthDay
from pos_app.domain.imports.drafts import (
    BalanceDraft,
    BarcodeDraft,
    ChildDraft,
    Draft,
    GoodsDraft,
    MemberDraft,
    PieceDraft,
    Rules,
)
from pos_app.domain.imports.faults import Fault, Reason, Refused
from pos_app.domain.imports.headings import known_count, match
from pos_app.domain.imports.kinds import FIELDS, Kind
from pos_app.domain.imports.programs import Program
from pos_app.domain.imports.rows import read
from pos_app.domain.imports.table import Row
from pos_app.domain.sales.line import Per
from pos_app.domain.settings import TaxClass
from pos_app.words import LANGUAGES, speaking, translate

RULES = Rules(today=date(2026, 11, 23), tax_classes=(TaxClass(code="13", rate=Decimal("0.13")),))
DRAFTS: dict[Kind, list[Draft]] = {
    Kind.CATALOGUE: [
        GoodsDraft(
            row=3,
            code="0012",
            name="=牧星, 奶粉",
            barcodes=(
                BarcodeDraft(code="012345678905"),
                BarcodeDraft(code="16901234567899", pack_quantity=6000, unit="箱", price=5900),
            ),
            retail=129900,
            tax_code="13",
            by_weight=False,
            minimum_level=0,
            sold_from=date(2026, 12, 1),
            scale_item="00123",
            attributes=(("size", "3-5"), ("spec", "+400g")),
        )
    ],
    Kind.PIECES: [
        PieceDraft(
            row=3,
            code="P001",
            variant_code="ZJ01",
            gross_weight_mg=3300,
            net_weight_mg=3260,
            fineness="足金999",
            certificate="00123456789",
            labour=2800,
            labour_per=Per.GRAM,
        )
    ],
    Kind.MEMBERS: [
        MemberDraft(
            row=3,
            phones=("+8613812345678", "+85291234567"),
            card="0088",
            name="王小满😀",
            gender="female",
            birthday=date(1988, 9, 25),
            birthday_lunar=True,
            joined_on=date(2024, 5, 3),
            interests=("瑜伽", "烘焙"),
            notes="-见面再说",
            children=(
                ChildDraft(name="安安", born_on=date(2025, 5, 1), month_only=True),
                ChildDraft(due_on=date(2027, 2, 3)),
            ),
            marketing=False,
        ),
        MemberDraft(row=4, card="0089", birthday_day=MonthDay(month=5, day=3)),
        MemberDraft(row=5, card="0090", birthday_day=MonthDay(month=4, day=30), birthday_lunar=True),
    ],
    Kind.BALANCES: [
        BalanceDraft(row=3, phone="+8613812345678", card="0088", points=1240, principal=32050, bonus=5)
    ],
}


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", Kind)
def test_an_export_brought_in_again_says_the_same(tmp_path: Path, kind: Kind, lang: str, suffix: str) -> None:
    path = tmp_path / f"export.{suffix}"
    with speaking(lang):
        watermark = translate("imports.watermark", who="李敏", when="2026-11-23 14:00")
        assert write_export(path, kind, DRAFTS[kind], RULES, watermark) == len(DRAFTS[kind])
    with open_table(path) as workbook:
        table = Table(workbook, 0, partial(known_count, kind))
        mapping = match(kind, table.headings)
        assert mapping.is_complete and not mapping.unmatched
        assert [read(row, mapping, RULES) for row in table.rows()] == DRAFTS[kind]
        assert table.above[0].cells[0] == f"# {watermark}"


@pytest.mark.parametrize("kind", Kind)
def test_every_field_of_an_export_is_one_of_the_kind(kind: Kind) -> None:
    assert set(fields_of(kind)) <= set(FIELDS[kind])
    assert len(columns_of(kind)) == len(fields_of(kind))


def test_refused_rows_come_back_with_their_reasons_and_can_be_mended(tmp_path: Path) -> None:
    path = tmp_path / "refused.xlsx"
    headings = ("姓名", "手机号", "随便")
    row = Row(7, ("王小满", "1381234567", "x"))
    mapping = match(Kind.MEMBERS, headings)
    refused = read(row, mapping, RULES)
    assert isinstance(refused, Refused)
    assert write_refused(path, Kind.MEMBERS, headings, [(row, refused)], "李敏") == 1
    with open_table(path) as workbook:
        table = Table(workbook, 0, partial(known_count, Kind.MEMBERS))
        again = match(Kind.MEMBERS, table.headings)
        assert again.columns == mapping.columns
        (written,) = table.rows()
    assert written.cells[:4] == ("王小满", "1381234567", "x", "7")
    assert written.cells[4] == "手机号：号码有 10 位，位数不对。"
    assert "11 位" in written.cells[5]
    mended = Row(8, (written.cells[0], "13812345678", *written.cells[2:]))
    assert isinstance(read(mended, again, RULES), MemberDraft)


_PARAMS: dict[Reason, dict[str, object]] = {
    Reason.TOO_LONG: {"length": 41, "limit": 40},
    Reason.TOO_MANY_DECIMALS: {"limit": 2},
    Reason.CURRENCY: {"currency": "CNY"},
    Reason.ZERO_DIGIT_LOST: {"mended": "012345678905"},
    Reason.TWICE_IN_ROW: {"twice": "SP1"},
    Reason.BARCODE_COUNT: {"limit": 20},
    Reason.PHONE_LENGTH: {"digits": 10},
    Reason.TAX_UNKNOWN: {"known": "13, 9"},
    Reason.LEVEL: {"limit": 5},
    Reason.DUPLICATE: {"first": 2},
    Reason.REFUSED_BY_SHOP: {"text": "x"},
}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("reason", Reason)
def test_every_reason_says_what_is_wrong_and_how_to_mend_it(reason: Reason, lang: str) -> None:
    fault = Fault("phone", reason, "", _PARAMS.get(reason, {}))
    with speaking(lang):
        said, hint = fault_text(Kind.MEMBERS, fault), translate(fault.hint, **fault.params)
        assert said.startswith(translate("imports.field.members.phone")) and len(hint) > 3
        assert said != hint and "{" not in said + hint


@pytest.mark.parametrize("lang", LANGUAGES)
def test_kinds_and_programs_have_names(lang: str) -> None:
    with speaking(lang):
        assert all(translate(f"imports.kind.{kind}") for kind in Kind)
        assert all(translate(f"imports.program.{program}") for program in Program)
