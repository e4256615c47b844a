"""While a question to the platform is under way: the answer brings nobody back who was erased meanwhile."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import pytest

from pos_app.domain.members import Member
from sync.client import asking
from sync.client.applying import appliers
from sync.client.asking import AskDoors, PlatformAnswers
from sync.protocol.messages import Answer, Ask
from tests.integration.sync.test_one_record import PHONE, pull, sync
from tests.support.feed import NOW_MS, link_of
from tests.support.tills_together import LinkedTill, Together

NAME = "林小满"
OTHER_PHONE = "13900139000"


@dataclass
class Slow:
    """A line whose answers take their time: what happens meanwhile is done between the platform and the till."""

    till: LinkedTill
    meanwhile: Iterator[Callable[[], None]]
    asked: list[str] = field(default_factory=list)

    def ask(self, ask: Ask) -> Answer:
        """Ask, and let the next thing happen before the answer is here."""
        self.asked.append(ask.text)
        answer = self.till.wire.ask(ask)
        next(self.meanwhile, lambda: None)()
        return answer

    def close(self) -> None:
        """Nothing is open."""


def slow(till: LinkedTill, *meanwhile: Callable[[], None]) -> tuple[PlatformAnswers, Slow]:
    """Return a till's questions with what happens during each of them."""
    line = Slow(till, iter(meanwhile))
    here = till.shop.shop.settings.value.shop_id
    doors = AskDoors(
        store=till.shop.store,
        connect=lambda _link: line,
        appliers=lambda: appliers(here, {}, till.gone),
        gone=till.gone,
        now_ms=lambda: NOW_MS,
    )
    return PlatformAnswers(doors), line


@pytest.fixture
def member(shops: Together, a: LinkedTill, b: LinkedTill) -> Member:
    """A member whom both tills have."""
    made = a.shop.sign_up(PHONE, NAME)
    sync(shops, a, b)
    return made


def erase(till: LinkedTill, member: Member) -> None:
    till.shop.shop.members.erase(till.shop.owner, member.member_id, "asked")


def is_here(till: LinkedTill, member: Member) -> bool:
    with till.shop.store.read() as tx:
        return tx.members.has_fields(member.member_id)


def agrees(till: LinkedTill, other: LinkedTill) -> bool:
    """Whether two tills hold the same, so that none of them fetches anything anew."""
    return link_of(till.shop).digest == link_of(other.shop).digest


def test_who_is_erased_here_while_the_answer_is_under_way_is_neither_shown_nor_here_again(
    shops: Together, b: LinkedTill, member: Member
) -> None:
    answers, line = slow(b, lambda: erase(b, member))
    assert answers.members(PHONE) == [] and line.asked == [PHONE]
    assert not is_here(b, member)


def test_who_is_erased_here_and_sent_and_confirmed_before_the_answer_stays_gone(
    shops: Together, a: LinkedTill, b: LinkedTill, member: Member
) -> None:
    def meanwhile() -> None:
        erase(b, member)
        sync(shops, b)

    answers, line = slow(b, meanwhile)
    assert answers.members(PHONE) == [] and len(line.asked) == 2, "somebody went: it is asked once more"
    assert not is_here(b, member)
    pull(a)
    assert agrees(a, b) and not is_here(a, member)


def test_who_is_erased_elsewhere_and_told_by_the_feed_before_the_answer_stays_gone(
    shops: Together, a: LinkedTill, b: LinkedTill, member: Member
) -> None:
    def meanwhile() -> None:
        erase(a, member)
        sync(shops, a, b)

    answers, _ = slow(b, meanwhile)
    assert answers.members(PHONE) == [] and not is_here(b, member) and agrees(a, b)


def test_an_answer_while_members_go_under_every_try_lets_only_those_come_who_are_known_here(
    shops: Together, a: LinkedTill, b: LinkedTill, member: Member
) -> None:
    unknown = a.shop.sign_up("13700137000", NAME)
    a.push()
    numbers = iter(range(10))

    def moves_on() -> None:
        if len(line.asked) == 1:
            pull(b)
            erase(a, unknown)
        passing = a.shop.sign_up(f"1360013600{next(numbers)}", "王大明")
        sync(shops, a, b)
        erase(a, passing)
        sync(shops, a, b)

    answers, line = slow(b, *[moves_on] * asking.TRIES)
    found = answers.members(NAME)
    assert [each.member.member_id for each in found] == [member.member_id] and found[0].here
    assert len(line.asked) == asking.TRIES and not is_here(b, unknown) and agrees(a, b)


def test_who_was_not_here_is_taken_in_from_the_next_answer_when_the_first_was_overtaken(
    shops: Together, a: LinkedTill, b: LinkedTill, member: Member
) -> None:
    def meanwhile() -> None:
        erase(a, passing)
        sync(shops, a, b)
        a.shop.sign_up(OTHER_PHONE, NAME)
        a.push()

    passing = a.shop.sign_up("13600136000", "王大明")
    sync(shops, a, b)

    answers, line = slow(b, meanwhile)
    found = answers.members(OTHER_PHONE)
    assert len(line.asked) == 2 and [each.here for each in found] == [False]
    assert is_here(b, found[0].member)


def test_who_comes_in_meanwhile_hides_nobody_who_is_asked_for(
    shops: Together, a: LinkedTill, b: LinkedTill, member: Member
) -> None:
    wanted = a.shop.sign_up(OTHER_PHONE, NAME)
    a.push()

    def a_chunk() -> None:
        with b.shop.store.write() as tx:
            link = link_of(b.shop)
            tx.links.save(
                replace(link, digest=link.digest ^ len(line.asked), cursor=bytes([len(line.asked)]))
            )

    answers, line = slow(b, *[a_chunk] * asking.TRIES)
    assert [each.member.member_id for each in answers.members(OTHER_PHONE)] == [wanted.member_id]
    assert len(line.asked) == 1
