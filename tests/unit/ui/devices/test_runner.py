"""The print runner over the real queue: when it prints, when it waits, what it says, what it never loses."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import pytest

from pos_app.documents.page import Page, Paper
from pos_app.domain.values.ids import ShiftId
from pos_app.domain.values.money import Amount
from pos_app.services.ports.counter import PrintJob
from pos_app.services.ports.devices import (
    DeviceSettingError,
    DrawerAnswer,
    DrawerPin,
    PaperOutError,
    PrinterError,
    PrinterNoAnswerError,
    PrinterStatus,
    PrintOutcome,
)
from tests.support.bootstrap import DemoTill, demo_till
from tests.support.lanes import InlineLane, SteppedLane
from ui.devices.presenter import light_of, notice_of
from ui.devices.runner import IDLE_MS, PAUSES_MS, PrinterState, PrintRunner, RunnerDoors


@dataclass
class Paperish:
    """A printer whose condition a test sets."""

    condition: PrinterStatus = PrinterStatus.OK
    failure: Exception | None = None
    drawer: DrawerAnswer = DrawerAnswer.OPENED
    printed: list[str] = field(default_factory=list)
    asked: int = 0
    kicks: int = 0

    @property
    def paper(self) -> Paper:
        return Paper.MM80

    def status(self) -> PrinterStatus:
        self.asked += 1
        return self.condition

    def print_page(self, page: Page) -> PrintOutcome:
        if self.failure is not None:
            raise self.failure
        self.printed.append(page.title)
        return PrintOutcome(confirmed=True, status=self.condition)

    def print_text_samples(self) -> PrintOutcome:
        return PrintOutcome(confirmed=True, status=self.condition)

    def kick_drawer(self, pin: DrawerPin | None = None) -> DrawerAnswer:
        if isinstance(self.failure, PrinterError):
            raise self.failure
        self.kicks += 1
        return self.drawer


@dataclass
class HandTimer:
    """A timer that rings when a test says so."""

    wait_ms: int = 0
    ring: Callable[[], None] | None = None

    def start(self, wait_ms: int, ring: Callable[[], None]) -> None:
        self.wait_ms, self.ring = wait_ms, ring

    def stop(self) -> None:
        self.wait_ms, self.ring = 0, None

    def due(self) -> None:
        ring, self.ring = self.ring, None
        assert ring is not None
        ring()


@dataclass
class Counter:
    """A demo till with a runner on a printer of its own."""

    till: DemoTill
    printer: Paperish
    timer: HandTimer
    device: SteppedLane | InlineLane
    runner: PrintRunner
    said: list[PrinterState]

    def queue_test(self) -> None:
        self.till.shop.printing.test()

    def jobs(self) -> tuple[list[PrintJob], int]:
        """Jobs marked as started, and how many wait."""
        with self.till.store.read() as tx:
            return list(tx.print_jobs.started()), tx.print_jobs.waiting()


def _counter(till: DemoTill, device: SteppedLane | InlineLane) -> Counter:
    current = till.shop.current
    current.value = msgspec.structs.replace(current.value, printer="tcp://192.0.2.1")
    printer, timer = Paperish(), HandTimer()
    runner = PrintRunner(
        RunnerDoors(till.shop.printing, InlineLane(), device, lambda: current.value, lambda: printer, timer)
    )
    said: list[PrinterState] = []
    runner.watch(said.append)
    return Counter(till, printer, timer, device, runner, said)


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    with demo_till(tmp_path) as till:
        yield _counter(till, InlineLane())


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[Counter]:
    """A counter whose printer takes its time: the test lets each step through."""
    with demo_till(tmp_path) as till:
        yield _counter(till, SteppedLane())


def test_what_waits_is_printed_in_its_order_and_leaves_the_queue(counter: Counter) -> None:
    for _ in range(3):
        counter.queue_test()
    counter.runner.wake()
    assert len(counter.printer.printed) == 3
    assert counter.jobs() == ([], 0)
    assert counter.runner.state.waiting == 0


def test_waking_never_waits_for_the_printer(slow: Counter) -> None:
    slow.queue_test()
    slow.runner.wake()
    assert slow.printer.printed == []
    assert slow.runner.state.printing
    started, waiting = slow.jobs()
    assert (len(started), waiting) == (1, 0), "marked before its first byte leaves"


def test_a_receipt_queued_while_one_prints_follows_without_another_call(slow: Counter) -> None:
    slow.queue_test()
    slow.runner.wake()
    slow.queue_test()
    slow.runner.wake()
    assert isinstance(slow.device, SteppedLane)
    slow.device.run_all()
    assert len(slow.printer.printed) == 2


def test_no_paper_keeps_the_job_and_says_so_in_words(counter: Counter) -> None:
    counter.printer.failure = PaperOutError()
    counter.printer.condition = PrinterStatus.PAPER_OUT
    counter.queue_test()
    counter.runner.wake()
    assert counter.jobs() == ([], 1)
    assert light_of(counter.runner.state) == ("打印机 缺纸 · 1 张待打", "danger")
    assert "装上纸卷" in notice_of(counter.runner.state)
    assert counter.timer.wait_ms == PAUSES_MS[0]


def test_a_new_roll_prints_what_waited_by_itself(counter: Counter) -> None:
    counter.printer.failure, counter.printer.condition = PaperOutError(), PrinterStatus.PAPER_OUT
    counter.queue_test()
    counter.runner.wake()
    counter.printer.failure, counter.printer.condition = None, PrinterStatus.OK
    counter.timer.due()
    assert len(counter.printer.printed) == 1
    assert light_of(counter.runner.state) == ("打印机 正常", "success")
    assert notice_of(counter.runner.state) == ""


def test_a_printer_that_is_off_is_asked_ever_more_seldom_and_given_no_job(counter: Counter) -> None:
    counter.printer.failure, counter.printer.condition = PrinterNoAnswerError(), PrinterStatus.NO_ANSWER
    counter.queue_test()
    counter.runner.wake()
    waits = [counter.timer.wait_ms]
    for _ in range(4):
        counter.timer.due()
        waits.append(counter.timer.wait_ms)
    assert waits == [*PAUSES_MS, PAUSES_MS[-1]]
    assert counter.printer.asked == 4


def test_selling_on_while_the_printer_is_off_costs_a_question_and_counts_up(counter: Counter) -> None:
    counter.printer.failure, counter.printer.condition = PrinterNoAnswerError(), PrinterStatus.NO_ANSWER
    for _ in range(2):
        counter.queue_test()
        counter.runner.wake()
    assert light_of(counter.runner.state)[0] == "打印机 无应答 · 2 张待打"
    assert counter.jobs() == ([], 2)


def test_paper_that_ends_in_the_middle_prints_again_as_a_copy(counter: Counter) -> None:
    counter.till.shop.shifts.open(counter.till.owner, Amount(10_000))
    counter.till.shop.shifts.print_x()
    counter.printer.failure = PaperOutError(bytes_sent=900, bytes_total=4000)
    counter.runner.wake()
    with counter.till.store.read() as tx:
        job = tx.print_jobs.next()
    assert job is not None and job.copy_number == 1


def test_a_till_killed_in_mid_print_puts_the_job_back_as_a_copy_at_the_next_start(slow: Counter) -> None:
    slow.till.shop.shifts.open(slow.till.owner, Amount(10_000))
    slow.till.shop.shifts.print_x()
    slow.runner.wake()  # Marked as started; the printer's lane never gets to it: the power is gone.
    again = _counter(slow.till, SteppedLane())
    again.runner.start()
    assert again.runner.state.recovered == 1
    started, _ = again.jobs()
    assert [job.copy_number for job in started] == [1]


def test_a_page_that_cannot_be_drawn_holds_nobody_up(counter: Counter) -> None:
    counter.printer.failure = ZeroDivisionError()
    counter.queue_test()
    counter.runner.wake()
    assert counter.jobs() == ([], 0)
    assert notice_of(counter.runner.state) != ""
    counter.printer.failure = None
    counter.queue_test()
    counter.runner.wake()
    assert len(counter.printer.printed) == 1


def test_a_job_about_nothing_in_the_books_is_left_out_and_the_next_one_prints(counter: Counter) -> None:
    lost = ShiftId(counter.till.outside.ids.new())
    counter.till.shop.shifts.print_z(lost)
    counter.queue_test()
    counter.runner.wake()
    assert notice_of(counter.runner.state) != ""
    counter.timer.due()
    assert (len(counter.printer.printed), counter.jobs()) == (1, ([], 0))


def test_a_setting_that_cannot_be_read_keeps_the_job_until_it_is_mended(tmp_path: Path) -> None:
    with demo_till(tmp_path) as till:
        counter = _counter(till, InlineLane())
        mended: list[Paperish] = []

        def open_printer() -> Paperish:
            if not mended:
                raise DeviceSettingError(text="tpc://x")
            return mended[0]

        doors = RunnerDoors(
            till.shop.printing,
            InlineLane(),
            InlineLane(),
            lambda: till.shop.current.value,
            open_printer,
            counter.timer,
        )
        runner = PrintRunner(doors)
        counter.queue_test()
        runner.wake()
        assert counter.jobs() == ([], 1)
        assert "tpc://x" in notice_of(runner.state)
        mended.append(counter.printer)
        till.shop.current.value = msgspec.structs.replace(till.shop.current.value, printer="tcp://192.0.2.2")
        runner.wake()
        assert len(counter.printer.printed) == 1


def test_the_drawer_opens_and_a_shut_one_is_told(counter: Counter) -> None:
    counter.runner.kick_drawer()
    assert (counter.printer.kicks, notice_of(counter.runner.state)) == (1, "")
    counter.printer.drawer = DrawerAnswer.NOT_OPENED
    counter.runner.kick_drawer()
    assert "钱箱没有弹开" in notice_of(counter.runner.state)


def test_practice_leaves_the_drawer_with_the_shop_s_money_shut(counter: Counter) -> None:
    current = counter.till.shop.current
    current.value = msgspec.structs.replace(current.value, practice=True)
    counter.runner.kick_drawer()
    assert counter.printer.kicks == 0


def test_a_drawer_on_a_printer_that_is_off_says_what_to_do_and_raises_nothing(counter: Counter) -> None:
    counter.printer.failure = PrinterNoAnswerError()
    counter.runner.kick_drawer()
    assert "检查电源" in notice_of(counter.runner.state)


def test_a_shop_without_a_printer_prints_nothing_and_says_so(counter: Counter) -> None:
    current = counter.till.shop.current
    current.value = msgspec.structs.replace(current.value, printer="none")
    counter.runner.wake()
    counter.runner.kick_drawer()
    assert light_of(counter.runner.state) == ("未设打印机", "muted")
    assert counter.printer.kicks == 0


def test_an_idle_printer_is_asked_so_that_an_empty_roll_is_seen_before_the_next_sale(
    counter: Counter,
) -> None:
    counter.runner.start()
    assert counter.timer.wait_ms == IDLE_MS
    counter.printer.condition = PrinterStatus.PAPER_OUT
    counter.timer.due()
    assert light_of(counter.runner.state)[0] == "打印机 缺纸"


def test_what_waits_can_be_cancelled(counter: Counter) -> None:
    counter.printer.failure, counter.printer.condition = PaperOutError(), PrinterStatus.PAPER_OUT
    counter.queue_test()
    counter.queue_test()
    counter.runner.wake()
    dropped: list[int] = []
    counter.runner.cancel_waiting(dropped.append)
    assert dropped == [2]
    assert counter.jobs() == ([], 0)
    assert counter.runner.state.waiting == 0


def test_a_till_that_closes_begins_no_other_job(slow: Counter) -> None:
    slow.queue_test()
    slow.queue_test()
    slow.runner.wake()
    slow.runner.stop()
    assert isinstance(slow.device, SteppedLane)
    slow.device.run_all()
    assert len(slow.printer.printed) == 1
    assert slow.jobs() == ([], 1)
    assert slow.timer.ring is None
