"""PINs: slow to guess, locked after five tries, never kept; people come, change and go."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from pos_app.domain.errors import ForbiddenError
from pos_app.domain.staff import NeedsApprovalError, PinError, PinFormError, PinLockedError, Role
from pos_app.persistence.secrets import Argon2Hasher
from tests.support.shop_on_disk import CASHIER_PIN, MANAGER_PIN, DiskShop, shop_on_disk


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[DiskShop]:
    """A founded shop."""
    with shop_on_disk(tmp_path) as made:
        yield made


def kinds(shop: DiskShop) -> dict[str, int]:
    """Return how many facts of each kind there are."""
    with shop.store.read() as tx:
        return dict(tx.journal.count_kinds((0, 0)))


def test_five_wrong_pins_lock_for_five_minutes_and_are_in_the_books(shop: DiskShop) -> None:
    staff = shop.shop.staff
    left = []
    for _ in range(4):
        with pytest.raises(PinError) as wrong:
            staff.sign_in("3", "0000")
        left.append(wrong.value.params["left"])
    assert left == [4, 3, 2, 1]
    with pytest.raises(PinLockedError) as locked:
        staff.sign_in("3", "0000")
    assert locked.value.params == {"minutes": 5}
    with pytest.raises(PinLockedError):
        staff.sign_in("3", CASHIER_PIN)
    shop.clock.forward(timedelta(minutes=4, seconds=59))
    with pytest.raises(PinLockedError) as locked:
        staff.sign_in("3", CASHIER_PIN)
    assert locked.value.params == {"minutes": 1}
    shop.clock.forward(timedelta(seconds=1))
    assert staff.sign_in("3", CASHIER_PIN).staff_id == shop.cashier.staff_id
    assert kinds(shop)["staff.sign_in_refused"] == 5 and shop.verify().passed


def test_a_right_pin_forgets_the_wrong_ones_before_it(shop: DiskShop) -> None:
    for _ in range(3):
        for _ in range(4):
            with pytest.raises(PinError):
                shop.shop.staff.sign_in("3", "0000")
        shop.shop.staff.sign_in("3", CASHIER_PIN)


def test_one_persons_wrong_tries_lock_nobody_else(shop: DiskShop) -> None:
    for _ in range(5):
        with pytest.raises((PinError, PinLockedError)):
            shop.shop.staff.sign_in("3", "0000")
    assert shop.shop.staff.sign_in("2", MANAGER_PIN).role is Role.MANAGER


def test_guessing_at_once_from_many_threads_counts_every_try(shop: DiskShop) -> None:
    def guess(number: int) -> bool:
        try:
            shop.shop.staff.sign_in("3", f"{number:04d}")
        except PinLockedError:
            return True
        except PinError:
            pass
        return False

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(guess, range(5)))
    with pytest.raises(PinLockedError):
        shop.shop.staff.sign_in("3", CASHIER_PIN)


def test_wrong_tries_at_an_approval_count_too(shop: DiskShop) -> None:
    from pos_app.domain.staff import Action

    needed = NeedsApprovalError(action=Action.OPEN_DRAWER)
    for _ in range(4):
        with pytest.raises(PinError):
            shop.shop.staff.approve(shop.cashier, needed, "2", "0000")
    with pytest.raises(PinLockedError):
        shop.shop.staff.approve(shop.cashier, needed, "2", "0000")


def test_an_unknown_code_and_a_wrong_pin_are_told_apart_by_nobody_outside(shop: DiskShop) -> None:
    with pytest.raises(PinError) as unknown:
        shop.shop.staff.sign_in("99", "0000")
    assert unknown.value.params == {"left": None}


def test_somebody_who_left_does_not_sign_in(shop: DiskShop) -> None:
    person = next(p for p in shop.shop.staff.everybody() if p.code == "3")
    shop.shop.staff.save(shop.owner, replace(person, active=False), None)
    with pytest.raises(PinError):
        shop.shop.staff.sign_in("3", CASHIER_PIN)


def test_an_approver_without_the_right_is_refused(shop: DiskShop) -> None:
    from pos_app.domain.staff import Action

    with pytest.raises(ForbiddenError):
        shop.shop.staff.approve(shop.manager, NeedsApprovalError(action=Action.OPEN_DRAWER), "3", CASHIER_PIN)


def test_nobody_says_yes_to_herself(shop: DiskShop) -> None:
    from pos_app.domain.staff import Action, OwnApprovalError

    for action, who, code, pin in (
        (Action.OPEN_DRAWER, shop.cashier, "3", CASHIER_PIN),
        (Action.VOID, shop.manager, "2", MANAGER_PIN),
    ):
        with pytest.raises(OwnApprovalError):
            shop.shop.staff.approve(who, NeedsApprovalError(action=action), code, pin)


def test_only_the_owner_changes_the_staff_and_a_pin_is_four_digits_or_more(shop: DiskShop) -> None:
    new = shop.shop.staff.new_staff("9", "小张", Role.CLERK)
    with pytest.raises(ForbiddenError):
        shop.shop.staff.save(shop.manager, new, "2468")
    for pin in ("123", "12345678901234", "12a4", "１２３４", None):
        with pytest.raises(PinFormError):
            shop.shop.staff.save(shop.owner, new, pin)
    shop.shop.staff.save(shop.owner, new, "2468")
    assert shop.shop.staff.sign_in("9", "2468").role is Role.CLERK
    with pytest.raises(ForbiddenError):
        shop.shop.checkout.commit(shop.shop.staff.sign_in("9", "2468"), shop.cart("B002"))


def test_names_stand_sealed_in_the_journal_and_pins_nowhere(shop: DiskShop) -> None:
    with shop.store.read() as tx:
        bodies = b"".join(entry.body for entry in tx.journal.entries())
    for person in shop.shop.staff.everybody():
        assert person.name.encode() not in bodies
    shop.store.close()
    assert CASHIER_PIN.encode() not in bodies
    shop.reopened()


def test_the_real_hasher_salts_and_takes_its_time() -> None:
    hasher = Argon2Hasher()
    one, other = hasher.hash("2468"), hasher.hash("2468")
    assert one != other and "$argon2id$" in one and "2468" not in one
    assert hasher.verify(one, "2468") and not hasher.verify(one, "2469")
    assert not hasher.verify("no hash at all", "2468") and not hasher.verify("", "2468")
    memory = int(one.split("m=")[1].split(",")[0])
    assert memory >= 19 * 1024, "OWASP password storage cheat sheet: 19 MiB or more for argon2id"
