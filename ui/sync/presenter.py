"""The tie to the platform on the sync page: how sync is, going on at once, and leaving the platform.

Decides what is said of sync and who may leave. Enrolment and the sync desk have presenters of their own. Qt-free.
"""

from collections.abc import Callable
from dataclasses import replace

from pos_app.domain.staff import Role
from pos_app.services.ports.syncing import SyncLight, SyncStatus
from pos_app.words import format_count, translate
from ui.shell.counter import Counter
from ui.shell.wording import words_of
from ui.sync.ports import SyncParts
from ui.sync.state import TieState
from ui.sync.telling import age_words, drift_words, filling_words, light_of, trouble_in, when_words


class SyncPresenter:
    """The page's intents about the tie. GUI thread."""

    def __init__(self, counter: Counter, parts: SyncParts, on_change: Callable[[TieState], None]) -> None:
        self._counter = counter
        self._parts = parts
        self._on_change = on_change
        self.failed: Callable[[str], None] = lambda _words: None
        """Told what went wrong, in words."""
        self.state = TieState()

    def open(self) -> None:
        """Show how sync is now."""
        self.tell(self._parts.control.status())

    def tell(self, status: SyncStatus) -> None:
        """Show how sync is, as the runner says; also called now and then, since ages grow."""
        if status.light is SyncLight.ALONE:
            self._change(TieState(alone=True, light=light_of(status)[0]))
            return
        words, tone = light_of(status)
        filling = status.filling if status.filling and status.filling[0] < status.filling[1] else None
        actor = self._counter.session.actor
        self._change(
            TieState(
                alone=False,
                light=words,
                tone=tone,
                facts=self._facts(status),
                trouble=trouble_in(status),
                filling=translate("sync.filling.sell_now", members=filling_words(filling)) if filling else "",
                progress=filling,
                refetched=self._refetched(status),
                may_leave=actor is not None and actor.role is Role.OWNER,
                busy=self.state.busy,
            )
        )

    def _facts(self, status: SyncStatus) -> tuple[tuple[str, str], ...]:
        now, settings = self._parts.now_ms(), self._counter.shop.current.value
        unsent = format_count(status.unsent)
        if status.unsent and status.oldest_ms is not None:
            unsent = f"{unsent} · {translate('sync.fact.oldest', age=age_words(status.oldest_ms, now))}"
        answered = translate("sync.fact.never")
        if status.answered_at_ms:
            answered = when_words(status.answered_at_ms, now, settings)
        return (
            (translate("sync.fact.unsent"), unsent),
            (translate("sync.fact.answered"), answered),
            (translate("sync.fact.clock"), drift_words(status.drift_ms)),
            (translate("sync.fact.address"), status.address),
        )

    def _refetched(self, status: SyncStatus) -> str:
        if not status.refetched_at_ms:
            return ""
        now, settings = self._parts.now_ms(), self._counter.shop.current.value
        return translate("sync.refetched.told", when=when_words(status.refetched_at_ms, now, settings))

    def sync_now(self) -> None:
        """Go on at once instead of after the pause."""
        if not self.state.alone:
            self._parts.control.wake()

    def leave(self) -> None:
        """Stand alone again; the owner's alone to do, and asked before by the page."""
        if not self.state.may_leave or self.state.busy:
            return
        self._change(replace(self.state, busy=True))
        self._parts.net.run(self._parts.enrolling.leave, lambda _: self._left(), self._not_left)

    def _left(self) -> None:
        self._change(replace(self.state, busy=False))
        self.open()

    def _not_left(self, problem: Exception) -> None:
        self._change(replace(self.state, busy=False))
        self.failed(words_of(problem, self._counter.shop.current.value.money))

    def _change(self, state: TieState) -> None:
        if state != self.state:
            self.state = state
            self._on_change(state)
