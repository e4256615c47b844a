"""Opening balances of files: what a member brings along counts once of each kind, and goes with its import."""

from pathlib import Path

from openpyxl import Workbook

from pos_app.domain.imports.kinds import Kind
from tests.integration.imports.conftest import Bring
from tests.integration.imports.test_members import TWO, by_phone
from tests.support.shop_on_disk import DiskShop


def test_balances_count_once_and_go_with_their_import(shop: DiskShop, bring: Bring) -> None:
    bring(Kind.MEMBERS, TWO)
    text = "手机号,积分,储值本金\n13812340001,120,50.00\n13812340002,5,0\n13899999999,1,1\n"
    ended = bring(Kind.BALANCES, text)
    assert (ended.told.new, ended.told.refused_count) == (2, 1)
    assert ended.told.refused[0].faults[0].params["code"] == "importing.clash.no_member"
    assert bring(Kind.BALANCES, text).nothing_new
    member = by_phone(shop, "13812340001").member_id
    with shop.store.read() as tx:
        (entry,) = tx.opening_balances.of_member(member)
    assert (entry.points, entry.principal) == (120, 5000)
    shop.shop.imports.withdraw(shop.owner)
    with shop.store.read() as tx:
        assert tx.opening_balances.of_member(member) == []


def brought(shop: DiskShop, phone: str) -> list[tuple[int, int]]:
    """Return points and stored value of each entry of a member."""
    with shop.store.read() as tx:
        entries = tx.opening_balances.of_member(by_phone(shop, phone).member_id)
    return [(entry.points, entry.principal) for entry in entries]


def test_balances_saved_into_another_file_do_not_count_twice(shop: DiskShop, bring: Bring) -> None:
    bring(Kind.MEMBERS, TWO)
    head, first = "手机号,积分,储值本金\n", "13812340001,120,50.00\n"
    bring(Kind.BALANCES, head + first)
    again = bring(Kind.BALANCES, head + first + "13812340002,5,0\n")
    assert (again.told.new, again.told.same) == (1, 1)
    assert brought(shop, "13812340001") == [(120, 5000)]
    file = shop.folder / "balances.csv"
    shop.shop.exports.write(shop.owner, Kind.BALANCES, file, "陈老板 今天")
    assert shop.shop.imports.run(shop.owner, shop.shop.imports.open(file, Kind.BALANCES)).nothing_new
    assert (brought(shop, "13812340001"), brought(shop, "13812340002")) == ([(120, 5000)], [(5, 0)])


def test_another_balance_of_a_later_file_is_refused_and_a_missing_one_is_added(
    shop: DiskShop, bring: Bring
) -> None:
    bring(Kind.MEMBERS, TWO)
    bring(Kind.BALANCES, "手机号,积分\n13812340001,120\n13812340002,7\n")
    ended = bring(Kind.BALANCES, "手机号,积分,储值本金\n13812340001,121,50.00\n13812340002,7,8.00\n")
    assert (ended.told.new, ended.told.refused_count) == (1, 1)
    assert ended.told.refused[0].faults[0].params["code"] == "importing.clash.other_balance"
    assert brought(shop, "13812340001") == [(120, 0)]
    assert sorted(brought(shop, "13812340002")) == [(0, 800), (7, 0)]


def test_the_same_file_with_another_column_brings_the_kind_that_was_missing_once(
    shop: DiskShop, tmp_path: Path, bring: Bring
) -> None:
    bring(Kind.MEMBERS, TWO)
    file = tmp_path / "old.csv"
    file.write_text("手机号,积分,卡内,送的\n13812340001,120,50.00,5\n13812340002,7,8.00,0\n", "utf-8")
    opened = shop.shop.imports.open(file, Kind.BALANCES)
    points, cash, bonus = (opened.with_headings(each) for each in COLUMNS)
    for each, new in ((points, 2), (cash, 2), (points, 0), (bonus, 1), (bonus, 0), (cash, 0)):
        assert shop.shop.imports.run(shop.owner, each).told.new == new, each.mapping.columns
    assert [sum(each) for each in zip(*brought(shop, "13812340001"), strict=True)] == [120, 5000]
    assert [sum(each) for each in zip(*brought(shop, "13812340002"), strict=True)] == [7, 800]
    wrong = shop.shop.imports.run(shop.owner, opened.with_headings({"points": "积分", "principal": "送的"}))
    assert [r.faults[0].params["code"] for r in wrong.told.refused] == ["importing.clash.other_balance"]


COLUMNS = (
    {"points": "积分"},
    {"points": "积分", "principal": "卡内"},
    {"points": "积分", "principal": "卡内", "bonus": "送的"},
)


def test_a_kind_that_was_added_later_goes_alone_when_it_is_taken_back(shop: DiskShop, tmp_path: Path) -> None:
    shop.sign_up("13812340001", "王小满")
    file = tmp_path / "old.csv"
    file.write_text("手机号,积分,卡内\n13812340001,120,50.00\n", "utf-8")
    opened = shop.shop.imports.open(file, Kind.BALANCES)
    for columns in COLUMNS[:2]:
        shop.shop.imports.run(shop.owner, opened.with_headings(columns))
    assert sorted(brought(shop, "13812340001")) == [(0, 5000), (120, 0)]
    shop.shop.imports.withdraw(shop.owner)
    assert brought(shop, "13812340001") == [(120, 0)]
    assert shop.shop.imports.run(shop.owner, opened.with_headings(COLUMNS[1])).told.new == 1
    assert sorted(brought(shop, "13812340001")) == [(0, 5000), (120, 0)]


def test_the_balance_of_a_member_counts_once_whichever_of_her_numbers_the_rows_go_by(
    shop: DiskShop, bring: Bring
) -> None:
    bring(Kind.MEMBERS, "姓名,手机号,其他电话,会员卡号\n王小满,13812340001,13812340009,100001\n")
    text = "手机号,会员卡号,储值本金\n13812340001,,50.00\n,100001,50.00\n13812340009,,50.00\n"
    rehearsed, ended = bring(Kind.BALANCES, text, dry=True), bring(Kind.BALANCES, text)
    for told in (rehearsed.told, ended.told):
        assert (told.new, told.twice, told.refused_count) == (1, 2, 2)
        assert [(r.row, r.faults[0].params["first"]) for r in told.refused] == [(3, 2), (4, 2)]
    assert brought(shop, "13812340001") == [(0, 5000)]
    assert bring(Kind.BALANCES, text + "13812340002,,1\n").told.twice == 2


def test_balances_of_an_import_that_was_taken_back_come_in_again(shop: DiskShop, bring: Bring) -> None:
    bring(Kind.MEMBERS, TWO)
    text = "手机号,积分\n13812340001,120\n"
    for _ in range(2):
        assert bring(Kind.BALANCES, text).told.new == 1
        shop.shop.imports.withdraw(shop.owner)
    assert brought(shop, "13812340001") == []


def test_a_second_sheet_of_a_file_is_an_import_of_its_own(shop: DiskShop, tmp_path: Path) -> None:
    bring_sheets(shop, tmp_path, Kind.MEMBERS, [["手机号"], [13812340001]], [["手机号"], [13812340002]])
    sums: list[list[object]] = [["手机号", "积分"], [13812340002, 5]]
    bring_sheets(shop, tmp_path, Kind.BALANCES, [["手机号", "积分"], [13812340001, 120]], sums)
    assert (brought(shop, "13812340001"), brought(shop, "13812340002")) == ([(120, 0)], [(5, 0)])


def bring_sheets(shop: DiskShop, folder: Path, kind: Kind, *sheets: list[list[object]]) -> None:
    """Bring each sheet of one workbook in; each brings one row."""
    book = Workbook()
    for number, rows in enumerate(sheets):
        sheet = book.create_sheet(f"{number}", number)
        for row in rows:
            sheet.append(row)
    book.save(folder / f"{kind}.xlsx")
    for number in range(len(sheets)):
        opened = shop.shop.imports.open(folder / f"{kind}.xlsx", kind, number)
        assert shop.shop.imports.run(shop.owner, opened).told.new == 1
