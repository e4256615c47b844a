"""Personal data is written out only after the journal tells of it, whatever becomes of the file."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pos_app.documents.tables.errors import FileGoneError
from pos_app.domain.facts.members import MembersExported
from pos_app.domain.imports.kinds import Kind
from pos_app.domain.staff import ApprovalNotValidError, NeedsApprovalError
from pos_app.services.exports import Beside
from pos_app.services.imports.values import CancelledError, Watcher
from tests.integration.imports.conftest import Bring
from tests.support.catalogue_shop import facts_of
from tests.support.shop_on_disk import DiskShop

PERSONAL = [Kind.MEMBERS, Kind.BALANCES]
PEOPLE = "姓名,手机号\n王一,13812340001\n李二,13812340002\n张三,13812340003\n赵四,13812340004\n"
BALANCES = "手机号,积分\n13812340001,10\n13812340002,20\n13812340003,30\n"


@pytest.fixture
def people(shop: DiskShop, bring: Bring) -> DiskShop:
    """A shop with members of whom most brought points along; one of those was erased since."""
    bring(Kind.MEMBERS, PEOPLE)
    bring(Kind.BALANCES, BALANCES)
    bring(Kind.BALANCES, "手机号,储值本金\n13812340001,5.00\n")
    gone = shop.shop.members.find_phone("13812340003")
    assert gone is not None
    shop.shop.members.erase(shop.manager, gone.member_id, "she asked")
    return shop


def told(shop: DiskShop) -> list[int]:
    """Return of how many members each export tells in the journal."""
    return [fact.members for fact in facts_of(shop) if isinstance(fact, MembersExported)]


def write(shop: DiskShop, kind: Kind, file: Path, moved: Callable[[], None] = lambda: None) -> int:
    """Let the owner write a kind out; `moved` is called when the first row is at hand."""
    watcher = Watcher(progress=lambda _progress: moved())
    return shop.shop.exports.write(shop.owner, kind, file, "陈老板", Beside(watcher=watcher))


@pytest.mark.parametrize("kind", PERSONAL)
def test_a_process_that_dies_while_it_writes_leaves_no_file_that_the_journal_does_not_know(
    people: DiskShop, tmp_path: Path, kind: Kind
) -> None:
    file = tmp_path / "out.csv"

    def dies() -> None:
        assert len(told(people)) == 1 and not file.exists()
        raise SystemExit

    with pytest.raises(SystemExit):
        write(people, kind, file, dies)
    assert not file.exists() and told(people) != []


@pytest.mark.parametrize("kind", PERSONAL)
def test_the_journal_tells_of_as_many_members_as_the_file_holds(
    people: DiskShop, tmp_path: Path, kind: Kind
) -> None:
    rows = write(people, kind, tmp_path / "out.csv", lambda: people.sign_up("13812340009") and None)
    assert told(people) == [rows] == [{Kind.MEMBERS: 3, Kind.BALANCES: 2}[kind]]
    assert people.verify().passed


def test_a_file_that_cannot_be_written_or_was_cancelled_is_told_of_once_and_not_taken_back(
    people: DiskShop, tmp_path: Path
) -> None:
    with pytest.raises(FileGoneError):
        write(people, Kind.MEMBERS, tmp_path / "gone" / "out.csv")
    stopping = Beside(watcher=Watcher(cancelled=lambda: True))
    with pytest.raises(CancelledError):
        people.shop.exports.write(people.owner, Kind.MEMBERS, tmp_path / "out.csv", "陈老板", stopping)
    assert told(people) == [3, 3]
    assert not (tmp_path / "out.csv").exists()


def test_a_yes_that_was_spent_writes_neither_a_file_nor_a_fact(people: DiskShop, tmp_path: Path) -> None:
    exports, file = people.shop.exports, tmp_path / "out.csv"
    with pytest.raises(NeedsApprovalError) as needed:
        exports.write(people.cashier, Kind.MEMBERS, file, "小李")
    yes = Beside(people.approval(needed.value))
    assert exports.write(people.cashier, Kind.MEMBERS, file, "小李", yes) == 3
    file.unlink()
    with pytest.raises(ApprovalNotValidError):
        exports.write(people.cashier, Kind.MEMBERS, file, "小李", yes)
    assert told(people) == [3] and not file.exists()
