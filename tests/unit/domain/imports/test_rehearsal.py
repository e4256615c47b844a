"""The rehearsal counts every row once, tells what stands twice in a file, and shows nobody's number."""

from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.imports.drafts import BalanceDraft, BarcodeDraft, GoodsDraft, MemberDraft, PieceDraft
from pos_app.domain.imports.faults import Fault, Reason, Refused, shown_of
from pos_app.domain.imports.firsts import FirstRows, digest_of
from pos_app.domain.imports.kinds import FIELDS, Kind
from pos_app.domain.imports.rehearsal import KEPT_REFUSALS, KEPT_ROWS, Outcome, Rehearsal


def _member(row: int, *phones: str, card: str | None = None, level: str | None = None) -> MemberDraft:
    return MemberDraft(row=row, phones=phones, card=card, not_taken=(("level", level),) if level else ())


def test_one_phone_of_two_people_is_told_with_the_row_of_the_first() -> None:
    rehearsal = Rehearsal(Kind.MEMBERS)
    first, second = _member(2, "+8613812345678"), _member(5, "+8613912345678", "+8613812345678")
    assert rehearsal.check(first) is first
    assert rehearsal.check(second) == Refused(
        5, (Fault("phone", Reason.DUPLICATE, "****5678", {"first": 2}),)
    )
    third = _member(6, "+8613912345678")
    assert rehearsal.check(third) is third, "a refused row keeps nothing from a later one"


def test_codes_barcodes_and_certificates_stand_once_in_a_file() -> None:
    goods = Rehearsal(Kind.CATALOGUE)
    goods.check(GoodsDraft(row=2, code="A1", name="甲", barcodes=(BarcodeDraft(code="6901"),)))
    found = goods.check(GoodsDraft(row=3, code="A1", name="乙", barcodes=(BarcodeDraft(code="6901"),)))
    assert isinstance(found, Refused)
    assert [(f.field, f.shown, f.params) for f in found.faults] == [
        ("code", "A1", {"first": 2}),
        ("barcode", "6901", {"first": 2}),
    ]
    pieces = Rehearsal(Kind.PIECES)
    pieces.check(PieceDraft(row=2, code="P1", certificate="GIA 1"))
    found = pieces.check(PieceDraft(row=3, code="P2", certificate="GIA 1"))
    assert isinstance(found, Refused) and found.faults[0].field == "certificate"
    assert isinstance(pieces.check(PieceDraft(row=4, code="P3")), PieceDraft)


def test_upc_a_and_its_ean_13_stand_once_in_a_file() -> None:
    goods = Rehearsal(Kind.CATALOGUE)
    goods.check(GoodsDraft(row=2, code="A1", name="甲", barcodes=(BarcodeDraft(code="036000291452"),)))
    found = goods.check(
        GoodsDraft(row=3, code="A2", name="乙", barcodes=(BarcodeDraft(code="0036000291452"),))
    )
    assert found == Refused(3, (Fault("barcode", Reason.DUPLICATE, "0036000291452", {"first": 2}),))


def test_a_code_may_be_the_barcode_of_its_own_row() -> None:
    draft = GoodsDraft(row=2, code="6901", name="甲", barcodes=(BarcodeDraft(code="6901"),))
    assert Rehearsal(Kind.CATALOGUE).check(draft) is draft


def test_a_balance_is_known_by_its_phone_else_by_its_card() -> None:
    rehearsal = Rehearsal(Kind.BALANCES)
    rehearsal.check(BalanceDraft(row=2, phone="+8613812345678", card="1"))
    assert isinstance(rehearsal.check(BalanceDraft(row=3, phone="+8613812345678")), Refused)
    assert isinstance(rehearsal.check(BalanceDraft(row=4, card="1")), BalanceDraft)
    assert isinstance(rehearsal.check(BalanceDraft(row=5, card="1")), Refused)


def test_the_report_counts_rows_sums_and_reasons() -> None:
    rehearsal = Rehearsal(Kind.BALANCES)
    for row, outcome in ((2, Outcome.NEW), (3, Outcome.NEW), (4, Outcome.CHANGED), (5, Outcome.SAME)):
        rehearsal.take(BalanceDraft(row=row, card=str(row), points=row, principal=100, bonus=10), outcome)
    rehearsal.refuse(Refused(6, (Fault("phone", Reason.PHONE_LENGTH), Fault("points", Reason.NEGATIVE))))
    rehearsal.refuse(Refused(7, (Fault("phone", Reason.DUPLICATE, "****5678", {"first": 2}),)))
    spoilt = Rehearsal(Kind.MEMBERS)
    spoilt.refuse(Refused(6, (Fault("phones", Reason.DIGITS_LOST), Fault("card", Reason.DIGITS_LOST))))
    spoilt.refuse(Refused(7, (Fault("card", Reason.DIGITS_LOST),)))
    assert spoilt.report().bad_phones == 1, "1.38123E+10 is no phone either"
    rehearsal.hidden(3)
    rehearsal.merged(4)
    rehearsal.left_out(9)
    rehearsal.unread_sheet("说明")
    report = rehearsal.report()
    assert (report.new, report.changed, report.same, report.refused_count) == (2, 1, 1, 2)
    assert (report.taken, report.rows, report.twice, report.bad_phones) == (4, 6, 1, 1)
    assert (report.totals.points, report.totals.principal, report.totals.bonus) == (14, 400, 40)
    assert report.by_reason == {Reason.PHONE_LENGTH: 1, Reason.NEGATIVE: 1, Reason.DUPLICATE: 1}
    assert (report.hidden.rows, report.merged.rows, report.left_out.rows) == ((3,), (4,), (9,))
    assert report.unread_sheets == ("说明",)


def test_sums_of_goods_and_pieces_and_levels_not_taken_are_told() -> None:
    goods = Rehearsal(Kind.CATALOGUE)
    goods.take(GoodsDraft(row=2, code="A", name="甲", retail=129900), Outcome.NEW)
    goods.take(GoodsDraft(row=3, code="B", name="乙"), Outcome.SAME)
    assert goods.report().totals.retail == 129900
    pieces = Rehearsal(Kind.PIECES)
    pieces.take(PieceDraft(row=2, code="P", net_weight_mg=3260, tag_price=5000), Outcome.NEW)
    assert (pieces.report().totals.net_weight_mg, pieces.report().totals.retail) == (3260, 5000)
    members = Rehearsal(Kind.MEMBERS)
    for row in (2, 3):
        members.take(_member(row, level="金卡"), Outcome.NEW)
    assert members.report().not_taken == {"level": 2}


def test_only_the_first_refusals_are_kept_in_full_and_all_are_counted() -> None:
    rehearsal = Rehearsal(Kind.MEMBERS)
    for row in range(3000):
        rehearsal.refuse(Refused(row, (Fault("phone", Reason.PHONE),)))
        rehearsal.hidden(row)
    report = rehearsal.report()
    assert (len(report.refused), report.refused_count) == (KEPT_REFUSALS, 3000)
    assert (len(report.hidden.rows), report.hidden.count) == (KEPT_ROWS, 3000)
    assert report.by_reason == {Reason.PHONE: 3000} and report.bad_phones == 3000


def test_what_a_report_shows_of_a_person_is_masked() -> None:
    assert shown_of("phone", "138 1234 5678x") == "****5678"
    assert shown_of("phone", "欧阳婉清的妈妈") == "****"
    assert shown_of("phones", "12") == "****"
    assert shown_of("name", "王小满") == "王****" and shown_of("child_name", "小宝") == "小****"
    assert (
        shown_of("name", "13812345678") == shown_of("name", "王 138") == shown_of("address", "某路") == "****"
    )
    assert shown_of("name", "") == ""
    for kind in (Kind.MEMBERS, Kind.BALANCES):
        for name in FIELDS[kind].keys() - {"phone", "phones", "shared_phones"}:
            assert shown_of(name, "王小满 13812345678") == "****", name
    assert shown_of("retail", "面议") == "面议"


@given(st.lists(st.tuples(st.integers(1, 2**64 - 1), st.integers(1, 2**31)), max_size=3000))
def test_the_table_of_first_rows_says_what_a_dictionary_says(keys: list[tuple[int, int]]) -> None:
    firsts, told = FirstRows(), dict[int, int]()
    for digest, row in keys:
        assert firsts.row_of(digest) == told.get(digest)
        firsts.add(digest, row)
        told.setdefault(digest, row)
    assert len(firsts) == len(told)
    assert all(firsts.row_of(digest) == row for digest, row in told.items())


def test_the_table_grows_and_forgets_nothing() -> None:
    firsts = FirstRows()
    digests = [digest_of("phone", f"+86{13_000_000_000 + i}") for i in range(20_000)]
    for row, digest in enumerate(digests):
        firsts.add(digest, row)
    assert [firsts.row_of(digest) for digest in digests] == list(range(20_000))
    assert firsts.row_of(digest_of("card", "+8613000000000")) is None
