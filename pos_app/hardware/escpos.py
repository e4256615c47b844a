"""A receipt printer that speaks ESC/POS.

Decides the order of a job (is it ready, its parts, is it done), when a printer counts as not answering, and how far a
failed job got. Parts come from `escpos_jobs`, bytes from `commands`, channels from `transports`. Safe from several
threads: one job at a time.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from time import monotonic

from pos_app.documents.page import Page, Paper
from pos_app.domain.printer_options import USUAL, PrinterOptions, kick_bytes
from pos_app.hardware import commands
from pos_app.hardware.escpos_jobs import Job, job_of_page, job_of_samples
from pos_app.hardware.transports import Channel, Transport
from pos_app.services.ports.devices import (
    CoverOpenError,
    DrawerAnswer,
    DrawerPin,
    PaperOutError,
    PrinterError,
    PrinterFaultError,
    PrinterNoAnswerError,
    PrinterOfflineError,
    PrinterStatus,
    PrintOutcome,
)

_ERRORS: dict[PrinterStatus, type[PrinterError]] = {
    PrinterStatus.PAPER_OUT: PaperOutError,
    PrinterStatus.COVER_OPEN: CoverOpenError,
    PrinterStatus.OFFLINE: PrinterOfflineError,
    PrinterStatus.FAULT: PrinterFaultError,
    PrinterStatus.NO_ANSWER: PrinterNoAnswerError,
}
_SLOWEST_ROWS_A_SECOND = 400
"""50 mm a second: how long a healthy printer may take before it can say that it is done."""


@dataclass(frozen=True, slots=True)
class EscposSettings:
    """What a shop can say of its printer, beside the options of each job.

    `asks`: it answers DLE EOT. `confirms`: it answers GS r after printing. `drawer_open_level`: the level of the
    drawer's sensor when it is open, None for a drawer without one. Times in seconds.
    """

    paper: Paper = Paper.MM80
    options: PrinterOptions = USUAL
    asks: bool = True
    confirms: bool = True
    drawer_open_level: bool | None = None
    answer_s: float = 5.0
    light_answer_s: float = 1.5
    poll_s: float = 0.5


class EscposPrinter:
    """A `Printer` over any transport."""

    def __init__(
        self, transport: Transport, settings: EscposSettings, clock: Callable[[], float] = monotonic
    ) -> None:
        self._transport, self._settings, self._clock = transport, settings, clock
        self._lock = Lock()
        self._asks = settings.asks and transport.speaks_back
        # An earlier job, of this process or one that was killed, may have left a picture half sent.
        self._torn = True

    @property
    def paper(self) -> Paper:
        """The roll that the settings name."""
        return self._settings.paper

    def status(self) -> PrinterStatus:
        """Ask the printer; NO_ANSWER when it is not there, SILENT when it cannot speak."""
        try:
            with self._session() as session:
                if not self._asks:
                    return PrinterStatus.SILENT
                return session.state(self._settings.light_answer_s)
        except PrinterError as problem:
            return problem.status

    def print_page(self, page: Page) -> PrintOutcome:
        """Print and cut a page; see the port for what is raised."""
        return self._print(job_of_page(page, self.paper, self._settings.options))

    def print_text_samples(self) -> PrintOutcome:
        """Print what each charset looks like on this printer; see the port for what is raised."""
        return self._print(job_of_samples(self.paper, self._settings.options))

    def _print(self, job: Job) -> PrintOutcome:
        with self._session(sum(map(len, job.parts))) as session:
            state = PrinterStatus.SILENT
            if self._asks:
                state = session.state(self._settings.answer_s)
                if not state.prints:
                    raise session.error(state)
            if self._torn:
                session.send(commands.flush_of(self.paper.dots // 8), of_job=False)
            self._torn = True
            for part in job.parts:
                session.send(part)
            outcome = PrintOutcome(confirmed=False, status=state)
            if self._asks:
                outcome = self._await_end(session, job.rows)
            self._torn = False
            return outcome

    def kick_drawer(self, pin: DrawerPin | None = None) -> DrawerAnswer:
        """Open the drawer, also when the printer has no paper; one that has bytes of its own is sent these."""
        options = self._settings.options
        chosen = DrawerPin(options.pin) if pin is None else pin
        pulse = kick_bytes(options.kick) if pin is None else b""
        pulse = pulse or commands.kick(chosen, options.on_ms, options.off_ms)
        with self._session() as session:
            if not self._asks:
                session.send(pulse)
                return DrawerAnswer.NOT_SEEN
            before = session.ask(commands.ASK_PRINTER, self._settings.answer_s)
            if before is None:
                raise session.error(PrinterStatus.NO_ANSWER)
            # Off line, a printer keeps ESC p in its buffer until somebody loads paper.
            now = commands.says_offline(before)
            session.send(commands.kick_now(chosen) if now and not options.kick else pulse)
            return self._watch_drawer(session)

    def _await_end(self, session: "_Session", rows: int) -> PrintOutcome:
        """Wait until the printer says it is done; raise what stopped it."""
        settings = self._settings
        if not settings.confirms:
            return PrintOutcome(confirmed=False, status=session.state_or_raise(settings.answer_s))
        session.send(commands.ASK_WHEN_DONE, of_job=False)
        deadline = self._clock() + settings.answer_s + rows / _SLOWEST_ROWS_A_SECOND
        while self._clock() < deadline:
            done = session.done(settings.poll_s)
            if done is not None:
                state = commands.paper_when_done(done)
                # The job is on paper; that the roll ended with it concerns the next one.
                return PrintOutcome(confirmed=True, status=state)
            session.state_or_raise(settings.answer_s)
        return PrintOutcome(confirmed=False, status=session.state_or_raise(settings.answer_s))

    def _watch_drawer(self, session: "_Session") -> DrawerAnswer:
        open_level = self._settings.drawer_open_level
        if open_level is None:
            return DrawerAnswer.NOT_SEEN
        deadline = self._clock() + self._settings.light_answer_s
        while self._clock() < deadline:
            answer = session.ask(commands.ASK_PRINTER, self._settings.poll_s)
            if answer is not None and commands.drawer_level(answer) is open_level:
                return DrawerAnswer.OPENED
        return DrawerAnswer.NOT_OPENED

    @contextmanager
    def _session(self, total: int = 0) -> Iterator["_Session"]:
        with self._lock:
            try:
                channel = self._transport.open()
            except OSError as problem:
                raise PrinterNoAnswerError(bytes_total=total) from problem
            session = _Session(channel, total, self._clock)
            try:
                yield session
            except OSError as problem:
                # What stopped it may still be asked of a printer whose buffer is full.
                raise session.error(session.cause(self._asks)) from problem
            finally:
                channel.close()


class _Session:
    """One open channel, with the count of the job's bytes that went out."""

    def __init__(self, channel: Channel, total: int, clock: Callable[[], float]) -> None:
        self._channel, self._total, self._clock = channel, total, clock
        self._sent = 0
        self._done: int | None = None
        self._answers: list[int] = []

    def error(self, state: PrinterStatus) -> PrinterError:
        return _ERRORS.get(state, PrinterOfflineError)(bytes_sent=self._sent, bytes_total=self._total)

    def send(self, part: bytes, of_job: bool = True) -> None:
        """Write all of it, counting what went out; raise OSError when the channel is stuck or gone."""
        view = memoryview(part)
        while view:
            taken = self._channel.write(bytes(view))
            self._sent += taken if of_job else 0
            view = view[taken:]

    def ask(self, question: int, timeout_s: float) -> int | None:
        """Ask in real time; return the answer's byte, None when none came in time."""
        self._answers.clear()
        self.send(commands.ask(question), of_job=False)
        deadline = self._clock() + timeout_s
        while not self._answers and (left := deadline - self._clock()) > 0:
            self._listen(left)
        return self._answers[0] if self._answers else None

    def done(self, timeout_s: float) -> int | None:
        """Return the answer to GS r if it has come or comes in time."""
        if self._done is None:
            self._listen(timeout_s)
        return self._done

    def _listen(self, timeout_s: float) -> None:
        for answer in self._channel.read(timeout_s):
            if commands.is_real_time(answer):
                self._answers.append(answer)
            elif commands.is_done(answer):
                self._done = answer

    def state(self, timeout_s: float) -> PrinterStatus:
        """Ask what is wrong, if anything; NO_ANSWER when a question stays open."""
        answer = self.ask(commands.ASK_PRINTER, timeout_s)
        if answer is None:
            return PrinterStatus.NO_ANSWER
        if commands.says_offline(answer):
            cause = self.ask(commands.ASK_OFFLINE_CAUSE, timeout_s)
            if cause is None:
                return PrinterStatus.OFFLINE
            state = commands.offline_cause(cause)
            if state is not PrinterStatus.OFFLINE:
                return state
        paper = self.ask(commands.ASK_PAPER, timeout_s)
        if paper is None:
            return PrinterStatus.NO_ANSWER
        state = commands.paper_state(paper)
        if commands.says_offline(answer) and state.prints:
            return PrinterStatus.OFFLINE
        return state

    def state_or_raise(self, timeout_s: float) -> PrinterStatus:
        """Return a state that prints; raise the error of any other."""
        state = self.state(timeout_s)
        if not state.prints:
            raise self.error(state)
        return state

    def cause(self, asks: bool) -> PrinterStatus:
        """Say why a channel failed, as far as it can still be asked."""
        if not asks:
            return PrinterStatus.NO_ANSWER
        try:
            state = self.state(1.0)
        except OSError:
            return PrinterStatus.NO_ANSWER
        return PrinterStatus.NO_ANSWER if state.prints else state
