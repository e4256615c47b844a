"""What one turn does: push before pull, cures at once, what needs a person left alone, and a stall noticed."""

from dataclasses import replace

import pytest

from pos_app.services.ports.syncing import SyncLight
from sync.client.engine import NotLinkedError
from sync.client.goods_bringing import EVERYTHING, Progress, Stage, Walk
from sync.client.pace import CARRY_EVERY_S
from sync.client.turns import HELLO_EVERY_S, STALLED_S, StalledError
from sync.protocol.errors import Number, PlatformError
from sync.protocol.messages import TillState
from tests.support.sync_steps import LINK, Rig


def error(number: Number, **told: object) -> PlatformError:
    return PlatformError(number, **told)


def test_a_turn_greets_pushes_all_that_waits_and_then_pulls_all_there_is() -> None:
    rig = Rig(written=1_200)
    rig.parts.pages = 3
    assert rig.turns.turn().seconds == 3.0
    assert rig.parts.done == ["hello", "push", "push", "push", "pull", "pull", "pull"]
    assert rig.board.status().unsent == 0 and rig.board.status().light is SyncLight.OK
    assert rig.turns.taken_in == 3


def test_a_till_at_rest_asks_for_documents_only_and_greets_every_two_minutes() -> None:
    rig = Rig()
    rig.turns.turn()
    rig.parts.done.clear()
    rig.turns.turn()
    assert rig.parts.done == ["pull"], "nothing waits: no push"
    rig.time.now += HELLO_EVERY_S
    rig.turns.turn()
    assert rig.parts.done == ["pull", "hello", "push", "pull"], (
        "its push asks whether our facts are known still"
    )


def test_facts_of_a_sale_go_before_the_next_page() -> None:
    rig = Rig()
    rig.parts.pages = 5

    def sell() -> None:
        rig.books.written += 1
        rig.turns.tell_of_facts()
        rig.parts.after.clear()

    rig.parts.after["pull"] = sell
    assert rig.turns.turn().seconds == 0, "there is more to do"
    rig.turns.turn()
    assert rig.parts.done[:5] == ["hello", "push", "pull", "push", "pull"]


def test_a_commit_during_a_turn_makes_the_next_one_follow_at_once() -> None:
    rig = Rig()
    rig.parts.after["pull"] = rig.turns.tell_of_facts
    assert rig.turns.turn().seconds == 0


def test_goods_that_wait_are_brought_along_after_half_a_second_while_somebody_sells() -> None:
    rig = Rig(written=1)
    goods = Progress(Walk(EVERYTHING, 0, Stage.VARIANT)).text()
    rig.books.link = replace(LINK, uploading=goods)
    rig.parts.after["push"] = rig.pace.note_carried
    rig.turns.tell_of_facts()
    assert rig.turns.turn().seconds == CARRY_EVERY_S and rig.parts.done.count("push") == 1
    rig.turns.tell_of_facts()
    rig.books.written += 1
    rig.turns.turn()
    assert rig.parts.done.count("push") == 2, "a sale waits for no goods"
    rig.time.now += CARRY_EVERY_S
    rig.turns.turn()
    assert rig.parts.done.count("push") == 3


def test_a_push_that_is_too_large_or_begins_in_the_wrong_place_is_tried_again_at_once() -> None:
    rig = Rig(written=3)
    rig.parts.fails["push"] = [error(Number.TOO_LARGE)] * 9 + [error(Number.GAP), None]
    rig.turns.turn()
    assert rig.parts.done.count("push") == 11 and rig.board.status().unsent == 0


def test_one_fact_that_is_always_too_large_is_told_to_a_person_and_not_sent_in_a_circle() -> None:
    rig = Rig(written=1)
    rig.parts.always["push"] = error(Number.TOO_LARGE)
    rig.turns.turn()
    assert rig.parts.done.count("push") < 30
    assert rig.board.status().trouble == Number.TOO_LARGE and "pull" in rig.parts.done


def test_a_cursor_that_is_too_old_begins_from_the_beginning_at_once_and_only_once() -> None:
    rig = Rig()
    rig.parts.fails["pull"] = [error(Number.CURSOR_TOO_OLD), None]
    assert rig.turns.turn().seconds == 3.0 and rig.parts.done.count("pull") == 2
    rig.parts.fails["pull"] = [error(Number.CURSOR_TOO_OLD)] * 2
    rig.turns.turn()
    assert rig.board.status().trouble == Number.CURSOR_TOO_OLD


def test_no_answer_ends_the_turn_and_says_offline_while_what_waits_is_counted() -> None:
    rig = Rig(written=2)
    rig.parts.always["hello"] = error(Number.UNREACHABLE)
    rig.turns.turn()
    assert rig.parts.done == ["hello"]
    status = rig.board.status()
    assert (status.light, status.unsent, status.trouble) == (SyncLight.OFFLINE, 2, Number.UNREACHABLE)
    rig.parts.always.clear()
    rig.turns.turn()
    status = rig.board.status()
    assert (status.light, status.unsent, status.trouble) == (SyncLight.OK, 0, 0)


def test_a_push_that_only_a_person_cures_is_left_alone_for_five_minutes_and_documents_come_in_meanwhile() -> (
    None
):
    rig = Rig(written=1)
    rig.parts.always["push"] = error(Number.CHAIN_BROKEN)
    pause = rig.turns.turn()
    assert rig.board.status().light is SyncLight.TROUBLE
    assert rig.board.status().trouble == Number.CHAIN_BROKEN
    assert rig.books.link is not None and rig.books.link.trouble == Number.CHAIN_BROKEN, (
        "it is told when closed"
    )
    assert pause.commit_after_s is None, "a sale changes nothing about it"
    rig.parts.done.clear()
    rig.turns.turn()
    assert rig.parts.done == ["pull"]
    rig.time.now += 331
    rig.parts.always.clear()
    rig.turns.turn()
    assert rig.board.status().light is SyncLight.OK and rig.books.link.trouble == 0


def test_somebody_who_says_that_it_was_put_right_is_believed_at_once() -> None:
    rig = Rig(written=1)
    rig.parts.always["push"] = error(Number.CHAIN_BROKEN)
    rig.turns.turn()
    rig.parts.always.clear()
    rig.turns.ask_anew()
    rig.turns.turn()
    assert rig.board.status().unsent == 0


def test_a_till_that_is_shut_out_still_sends_what_it_sold_and_rests_long_otherwise() -> None:
    rig = Rig(written=4)
    rig.parts.always["hello"] = rig.parts.always["pull"] = error(Number.REVOKED)
    rig.turns.turn()
    assert rig.board.status().unsent == 0, "it goes to the quarantine"
    assert rig.board.status().trouble == Number.REVOKED
    rig.parts.always["push"] = error(Number.TOKEN)
    rig.books.written += 1
    rig.time.now += 400
    pause = rig.turns.turn()
    assert 300 <= pause.seconds <= 330 and pause.commit_after_s is None


def test_what_the_platform_takes_the_till_for_and_the_time_there_are_written_down() -> None:
    rig = Rig()
    rig.parts.drift_ms, rig.parts.state = 190_000, TillState.FORKED
    rig.turns.turn()
    link = rig.books.link
    assert link is not None and (link.drift_ms, link.state) == (190_000, "forked")
    status = rig.board.status()
    assert (status.drift_ms, status.is_restored, status.light) == (190_000, True, SyncLight.TROUBLE)


def test_a_new_till_takes_its_snapshot_in_step_by_step_and_sends_between_the_steps() -> None:
    rig = Rig()
    rig.parts.steps_to_fill = 3
    assert rig.turns.turn().seconds == 0
    rig.books.written = 1
    rig.turns.turn()
    rig.turns.turn()
    rig.turns.turn()
    assert rig.parts.done == ["hello", "push", "fill", "push", "fill", "fill", "pull"]


def test_a_platform_without_snapshots_is_pulled_from_the_beginning() -> None:
    rig = Rig()
    rig.parts.steps_to_fill = 3
    rig.parts.always["fill"] = error(Number.NOT_FOUND)
    rig.turns.turn()
    rig.turns.turn()
    assert rig.parts.done[-1] == "pull"


def test_facts_that_do_not_move_for_five_minutes_while_the_platform_greets_are_a_stall() -> None:
    rig = Rig(written=1)
    rig.parts.is_stuck = True
    for _ in range(99):
        rig.time.now += 3
        rig.turns.turn()
    rig.time.now += STALLED_S
    with pytest.raises(StalledError):
        rig.turns.turn()
    rig.turns = rig.new_turns()
    rig.parts.is_stuck = False
    rig.turns.turn()
    assert rig.board.status().unsent == 0


def test_a_long_time_without_a_network_is_no_stall() -> None:
    rig = Rig(written=1)
    rig.parts.always["hello"] = error(Number.UNREACHABLE)
    for _ in range(20):
        rig.time.now += 100
        rig.turns.turn()


def test_a_till_that_left_has_nothing_to_do() -> None:
    rig = Rig()
    rig.books.link = None
    with pytest.raises(NotLinkedError):
        rig.turns.turn()
