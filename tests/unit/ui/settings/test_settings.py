"""The first run and the settings page: what is asked, what is refused in words, what is written."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec
import pytest

from pos_app.domain.errors import StorageFullError
from pos_app.domain.settings import Settings, check_settings
from pos_app.domain.staff import BadgeTakenError, CodeTakenError, LastOwnerError, PinError, Role
from pos_app.domain.values.money import CURRENCIES
from pos_app.persistence.database import open_store
from pos_app.services.founding import found_shop, new_settings
from pos_app.services.ports.devices import PrinterNoAnswerError
from tests.support.bootstrap import Outside
from tests.support.lanes import InlineLane
from tests.support.screen_till import CounterTill, counter_till, no_printers
from tests.unit.ui.devices.test_runner import Paperish
from ui.settings.forms import MANUAL, REGIONS, tax_classes_of
from ui.settings.presenter import SettingsPresenter
from ui.settings.set_up_form import FirstRun, Form
from ui.settings.set_up_presenter import SetUpPresenter
from ui.settings.staff_presenter import PersonForm, StaffPresenter


@dataclass
class NewShop:
    """A first run over an empty folder."""

    folder: Path
    outside: Outside = field(default_factory=Outside)
    printer: Paperish = field(default_factory=Paperish)
    finished: list[int] = field(default_factory=list)
    failure: Exception | None = None

    def __post_init__(self) -> None:
        self.store = open_store(self.folder / "shop.db")
        doors = FirstRun(
            new_settings=lambda name: new_settings(self.outside.ids, name),
            found=self._found,
            finished=lambda: self.finished.append(1),
            db=InlineLane(),
            device=InlineLane(),
            open_printer=lambda _settings: self.printer,
            find_printers=lambda: (("spool:XP-80C", "XP-80C"),),
        )
        self.page = SetUpPresenter(doors, lambda _state: None)
        self.page.open()

    def _found(self, settings: Settings, owner: tuple[str, str, str]) -> None:
        if self.failure is not None:
            raise self.failure
        found_shop(self.store, settings, owner, self.outside.tools)

    def fill(self, **values: object) -> None:
        """Put these into an otherwise complete form."""
        form = Form(shop_name="小店", name="陈", pin="2468", pin_again="2468")
        self.page.edit(replace(form, **values))  # type: ignore[arg-type]

    def settings(self) -> Settings | None:
        with self.store.read() as tx:
            return tx.settings.load()


@pytest.fixture
def new_shop(tmp_path: Path) -> Iterator[NewShop]:
    shop = NewShop(tmp_path)
    yield shop
    shop.store.close()


def test_a_name_a_person_and_a_pin_make_a_shop(new_shop: NewShop) -> None:
    new_shop.fill()
    new_shop.page.go()
    settings = new_shop.settings()
    assert settings is not None
    assert (settings.shop_name, settings.currency, settings.time_zone) == ("小店", "CNY", "Asia/Shanghai")
    assert (settings.default_tax_code, settings.printer) == ("13", "none")
    assert new_shop.finished == [1]
    with new_shop.store.read() as tx:
        (owner,) = tx.staff.all()
    assert (owner.code, owner.name, owner.role) == ("01", "陈", Role.OWNER)


def test_the_pin_is_forgotten_by_the_form_once_it_served(new_shop: NewShop) -> None:
    new_shop.fill()
    new_shop.page.go()
    assert (new_shop.page.state.form.pin, new_shop.page.state.form.pin_again) == ("", "")


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"shop_name": " "}, ["shop_name"]),
        ({"name": ""}, ["name"]),
        ({"code": ""}, ["code"]),
        ({"pin": "12", "pin_again": "12"}, ["pin"]),
        ({"pin": "12ab", "pin_again": "12ab"}, ["pin"]),
        ({"pin_again": "2469"}, ["pin_again"]),
        ({"shop_code": "店1"}, ["shop_code"]),
        ({"shop_code": ""}, ["shop_code"]),
        ({"printer": MANUAL}, ["address"]),
    ],
)
def test_what_is_missing_is_said_under_its_field_and_nothing_is_written(
    new_shop: NewShop, values: dict[str, object], wrong: list[str]
) -> None:
    new_shop.fill(**values)
    new_shop.page.go()
    assert [name for name, _ in new_shop.page.state.errors] == wrong
    assert all(words for _, words in new_shop.page.state.errors)
    assert new_shop.settings() is None
    new_shop.fill()
    assert new_shop.page.state.errors == ()


def test_a_currency_brings_its_zone_and_tax(new_shop: NewShop) -> None:
    new_shop.fill(currency="JPY")
    new_shop.page.go()
    settings = new_shop.settings()
    assert settings is not None
    assert (settings.time_zone, settings.region, settings.default_tax_code) == ("Asia/Tokyo", "JP", "10")
    assert "10" in {tax.code for tax in settings.tax_classes}


def test_a_full_disk_is_told_and_the_form_keeps_what_was_typed(new_shop: NewShop) -> None:
    new_shop.failure = StorageFullError()
    new_shop.fill()
    new_shop.page.go()
    assert "磁盘已满" in new_shop.page.state.problem
    assert (new_shop.finished, new_shop.page.state.form.shop_name) == ([], "小店")
    new_shop.failure = None
    new_shop.page.go()
    assert new_shop.finished == [1]


def test_the_printer_is_tried_before_the_shop_stands(new_shop: NewShop) -> None:
    assert new_shop.page.state.printers == (("spool:XP-80C", "XP-80C"),)
    new_shop.fill(printer="spool:XP-80C")
    new_shop.page.test_printer()
    assert len(new_shop.printer.printed) == 1
    new_shop.printer.failure = PrinterNoAnswerError()
    new_shop.page.test_printer()
    assert "检查电源" in new_shop.page.state.test and new_shop.page.state.test_failed
    assert new_shop.settings() is None


def test_every_currency_has_a_form_that_founds(new_shop: NewShop) -> None:
    assert set(REGIONS) == set(CURRENCIES)
    for code, region in REGIONS.items():
        settings = msgspec.structs.replace(
            new_settings(new_shop.outside.ids, "x"),
            currency=code,
            time_zone=region.time_zone,
            tax_classes=tax_classes_of(code),
            default_tax_code=region.rates[0],
        )
        check_settings(settings)
    assert Form().tax_code in REGIONS["CNY"].rates


@dataclass
class Desk:
    """The settings page of a demo till."""

    at: CounterTill
    printer: Paperish = field(default_factory=Paperish)
    applied: list[Settings] = field(default_factory=list)

    def __post_init__(self) -> None:
        doors = no_printers(lambda _s: self.printer)
        self.page = SettingsPresenter(self.at.counter, doors, self.applied.append, lambda _state: None)
        self.page.open()
        self.staff = StaffPresenter(self.at.counter, lambda _state: None)
        self.staff.open()

    def edit(self, **values: object) -> None:
        self.page.edit(replace(self.page.state.form, **values))  # type: ignore[arg-type]

    def person(self, **values: object) -> None:
        self.staff.edit(replace(self.staff.state.form, **values))  # type: ignore[arg-type]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with counter_till(tmp_path) as at:
        yield Desk(at)


def test_what_was_changed_is_saved_and_applied(desk: Desk) -> None:
    desk.edit(shop_name="新店名", paper_mm=58, ask_above="2,000", enter_pays_exact_cash=False, theme="dark")
    assert desk.page.state.changed
    desk.page.save()
    now = desk.at.demo.shop.current.value
    assert (now.shop_name, now.paper_mm, now.ask_above, now.enter_pays_exact_cash) == (
        "新店名",
        58,
        200_000,
        False,
    )
    assert desk.applied == [now]
    assert (desk.page.state.changed, desk.page.state.note) == (False, "已保存。")


@pytest.mark.parametrize(
    "values",
    [{"shop_name": " "}, {"ask_above": "x"}, {"ask_above": "-1"}, {"printer": MANUAL, "address": ""}],
)
def test_what_cannot_be_is_said_under_its_field_and_nothing_is_saved(
    desk: Desk, values: dict[str, object]
) -> None:
    before = desk.at.demo.shop.current.value
    desk.edit(**values)
    desk.page.save()
    assert len(desk.page.state.errors) == 1
    assert desk.at.demo.shop.current.value == before


def test_a_cashier_cannot_save_settings(desk: Desk) -> None:
    desk.at.sign_in(Role.CASHIER)
    desk.edit(shop_name="我的店")
    desk.page.save()
    assert desk.page.state.problem != ""
    assert desk.at.demo.shop.current.value.shop_name != "我的店"


def test_undoing_shows_what_is_in_force(desk: Desk) -> None:
    standing = desk.page.state.form
    desk.edit(shop_name="x")
    desk.page.revert()
    assert (desk.page.state.form, desk.page.state.changed) == (standing, False)


def test_the_owner_adds_a_person_who_can_sign_in_with_pin_and_badge(desk: Desk) -> None:
    desk.staff.add()
    assert desk.staff.state.form.code == "06"
    desk.person(name="周舟", pin="4321")
    assert desk.staff.scan("BADGE-6")
    desk.staff.save()
    staff = desk.at.demo.shop.staff
    assert staff.sign_in("06", "4321").name == "周舟"
    assert staff.sign_in_by_badge("BADGE-6").name == "周舟"


def test_a_badge_of_somebody_else_leaves_the_person_saved_and_the_next_try_is_about_her(desk: Desk) -> None:
    desk.staff.add()
    desk.person(name="周舟", pin="4321", badge="SK-03-0D62")
    desk.staff.save()
    assert "工牌" in desk.staff.state.problem
    desk.person(badge="BADGE-6")
    desk.staff.save()
    assert not desk.staff.state.is_open
    assert desk.at.demo.shop.staff.sign_in_by_badge("BADGE-6").name == "周舟"
    assert len(desk.at.demo.shop.staff.everybody()) == 6


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"name": "", "pin": "4321"}, "name"),
        ({"name": "周", "pin": ""}, "pin"),
        ({"name": "周", "pin": "abcd"}, "pin"),
        ({"name": "周", "pin": "4321", "code": "03"}, "code"),
    ],
)
def test_a_person_who_is_not_complete_is_not_saved(desk: Desk, values: dict[str, object], wrong: str) -> None:
    desk.staff.add()
    desk.person(**values)
    desk.staff.save()
    assert [name for name, _ in desk.staff.state.errors] == [wrong]
    assert len(desk.at.demo.shop.staff.everybody()) == 5


def test_a_person_who_leaves_is_set_inactive_and_her_pin_is_dead(desk: Desk) -> None:
    one = next(one for one in desk.staff.state.people if one.code == "04")
    desk.staff.choose(one.staff_id)
    desk.person(active=False)
    desk.staff.save()
    with pytest.raises(PinError):
        desk.at.demo.shop.staff.sign_in("04", "271828")


def test_the_last_owner_cannot_be_taken_away(desk: Desk) -> None:
    owner = next(one for one in desk.staff.state.people if one.role is Role.OWNER)
    desk.staff.choose(owner.staff_id)
    desk.person(role=Role.CASHIER)
    desk.staff.save()
    assert desk.staff.state.problem == "店里至少要有一位在职的店主。"


def test_codes_badges_and_the_last_owner_are_guarded_below_the_screen_too(desk: Desk) -> None:
    staff, owner = desk.at.demo.shop.staff, desk.at.demo.owner
    people = {one.code: one for one in staff.everybody()}
    with pytest.raises(CodeTakenError):
        staff.save(owner, replace(people["04"], code="03"), None)
    with pytest.raises(BadgeTakenError):
        staff.give_badge(owner, people["04"].staff_id, "SK-03-0D62")
    with pytest.raises(LastOwnerError):
        staff.save(owner, replace(people["01"], active=False), None)


def test_a_manager_sees_the_staff_and_changes_nobody(desk: Desk) -> None:
    desk.at.sign_in(Role.MANAGER)
    desk.staff.open()
    desk.staff.add()
    desk.staff.choose(desk.staff.state.people[0].staff_id)
    assert not desk.staff.state.is_open
    assert desk.staff.state.form == PersonForm()
