"""The sync page over a demo till with a runner, an enrolment and a desk that a test holds.

Decides what stands behind the page's ports: plain objects that remember what was asked of them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from uuid import UUID

import msgspec
from PySide6.QtWidgets import QWidget

from pos_app.domain.desk import Choice, DeskItem, DeskItemGoneError, ItemId, ItemKind, Version
from pos_app.domain.values.ids import MemberId, ShopId, StaffId
from pos_app.domain.values.money import Amount
from pos_app.services.acting import Actor
from pos_app.services.ports.lane import Lane
from pos_app.services.ports.syncing import EnrolWay, PlatformUnavailableError, SyncLight, SyncStatus
from tests.support.lanes import InlineLane
from tests.support.screen_till import CounterTill, ScreenTill, screen_till
from ui.kit.tokens import Theme
from ui.shell.screens import Screen, ScreenId
from ui.sync import sync_screen
from ui.sync.light import show_sync
from ui.sync.page import SyncPage
from ui.sync.ports import LeftGoods, SyncParts

NOW_MS = 1_780_000_000_000
MINUTE_MS = 60_000
DAY_MS = 24 * 60 * MINUTE_MS
OTHER_SHOP = ShopId(UUID(int=0xB0B))
ADDRESS = "https://shuke.example.com"
TIED = SyncStatus(light=SyncLight.OK, answered_at_ms=NOW_MS - 3_000, address=ADDRESS)


class FakeControl:
    """A runner that says what it is told to say."""

    def __init__(self, status: SyncStatus) -> None:
        self.now = status
        self.woken = 0
        self._listeners: list[Callable[[SyncStatus], None]] = []

    def status(self) -> SyncStatus:
        return self.now

    def watch(self, listener: Callable[[SyncStatus], None]) -> None:
        self._listeners.append(listener)

    def wake(self) -> None:
        self.woken += 1

    def become(self, status: SyncStatus) -> None:
        """Change, and tell everybody."""
        self.now = status
        for listener in self._listeners:
            listener(status)


@dataclass
class FakeEnrolling:
    """A platform at one address that takes one code, or answers with a number."""

    control: FakeControl
    refuses: int = 0
    silent: int = 0
    asked: list[tuple[str, str, EnrolWay]] = field(default_factory=list)
    left: int = 0

    def look(self, address: str) -> str:
        if self.silent:
            raise PlatformUnavailableError(number=self.silent)
        return address if "://" in address else f"https://{address}"

    def enrol(self, address: str, code: str, way: EnrolWay) -> None:
        self.asked.append((address, code, way))
        if self.refuses:
            raise PlatformUnavailableError(number=self.refuses)
        self.control.become(replace(TIED, address=address))

    def leave(self) -> None:
        self.left += 1
        self.control.become(SyncStatus())


@dataclass
class FakeDesk:
    """A desk in memory."""

    held: dict[ItemId, DeskItem] = field(default_factory=dict)
    gone: set[ItemId] = field(default_factory=set)
    decided: list[tuple[ItemId, Choice | None]] = field(default_factory=list)

    def items(self) -> Sequence[DeskItem]:
        return tuple(self.held.values())

    def decide(self, who: Actor, item_id: ItemId, choice: Choice) -> None:
        self._settle(item_id, choice, NOW_MS, who.staff_id)

    def take_back(self, who: Actor, item_id: ItemId) -> None:
        self._settle(item_id, None, 0, None)

    def _settle(self, item_id: ItemId, choice: Choice | None, at_ms: int, who: StaffId | None) -> None:
        if item_id in self.gone:
            raise DeskItemGoneError()
        self.decided.append((item_id, choice))
        self.held[item_id] = msgspec.structs.replace(
            self.held[item_id], choice=choice, chosen_at_ms=at_ms, chosen_by=who
        )


@dataclass(frozen=True)
class Left:
    """Goods of this till that the merchant does not have."""

    code: str
    name: str


@dataclass(frozen=True)
class AllLeft:
    """All of them."""

    count: int
    first: Sequence[Left]


@dataclass
class FakeJoining:
    """Goods that wait for a word."""

    goods: list[Left] = field(default_factory=list)
    done: list[str] = field(default_factory=list)

    def unmatched(self) -> LeftGoods:
        return AllLeft(len(self.goods), tuple(self.goods))

    def bring_along(self, who: Actor) -> None:
        self._settle("brought")

    def stop_selling(self, who: Actor) -> None:
        self._settle("stopped")

    def _settle(self, word: str) -> None:
        self.done.append(word)
        self.goods.clear()


@dataclass(frozen=True, kw_only=True)
class Told:
    """What the two versions of an item say; `shop` is that of the second."""

    members: tuple[MemberId | None, MemberId | None] = (None, None)
    texts: tuple[str, str] = ("", "")
    shop: ShopId = OTHER_SHOP
    staff: StaffId | None = None


SILENT = Told()


def an_item(
    number: int, kind: ItemKind = ItemKind.SAME_KEY, *, about: str = "138****0001", told: Told = SILENT
) -> DeskItem:
    """Return an item of the desk, the older the smaller its number."""
    at_ms = NOW_MS - (1000 - number) * MINUTE_MS
    receipts = kind in (ItemKind.RETURNED_TWICE, ItemKind.SOLD_TWICE)
    first, second = (
        Version(
            shop=told.shop if place else OTHER_SHOP,
            till_code=str(place + 1),
            staff=told.staff,
            at_ms=at_ms - (2 - place) * 7 * MINUTE_MS,
            member=told.members[place],
            text=told.texts[place],
            number=f"N0{place + 1}-1-2026-{number:06}" if receipts else "",
            total=Amount(129_900) if receipts else Amount(0),
        )
        for place in (0, 1)
    )
    return DeskItem(
        item_id=ItemId(UUID(int=number + 1)), kind=kind, at_ms=at_ms, about=about, first=first, second=second
    )


@dataclass
class SyncTill:
    """The window at the sync page, and what stands behind it."""

    screen: ScreenTill
    control: FakeControl
    enrolling: FakeEnrolling
    desk: FakeDesk
    joining: FakeJoining

    @property
    def page(self) -> SyncPage:
        """The page as it stands now."""
        from ui.sync import SYNC

        found = self.screen.shell.page(SYNC)
        assert isinstance(found, SyncPage)
        return found


@dataclass(frozen=True, kw_only=True)
class Behind:
    """What stands behind the page; with `another` another page is in front."""

    items: Sequence[DeskItem] = ()
    goods: Sequence[Left] = ()
    shops: Mapping[ShopId, str] = field(default_factory=lambda: {OTHER_SHOP: "人民路店"})
    net: Lane = field(default_factory=InlineLane)
    remembered: str = ""
    another: bool = False


NOTHING = Behind()


@contextmanager
def sync_till(
    at: CounterTill,
    status: SyncStatus = TIED,
    behind: Behind = NOTHING,
    *,
    theme: Theme = "light",
    lang: str = "zh_CN",
) -> Iterator[SyncTill]:
    """Show the sync page, or another one that it is opened from."""
    control = FakeControl(status)
    desk, joining = FakeDesk({item.item_id: item for item in behind.items}), FakeJoining(list(behind.goods))
    enrolling = FakeEnrolling(control)
    parts = SyncParts(
        control=control,
        enrolling=enrolling,
        desk=desk,
        joining=joining,
        net=behind.net,
        now_ms=lambda: NOW_MS,
        shops=lambda: behind.shops,
        remembered=lambda: behind.remembered,
    )
    screens = [sync_screen(parts)]
    if behind.another:
        screens.insert(0, Screen(ScreenId("blank"), "common.word.all", "inbox", lambda _context: QWidget()))
    with screen_till(at, screens, theme=theme, lang=lang) as screen:
        show_sync(screen.shell, control)
        yield SyncTill(screen, control, enrolling, desk, joining)
