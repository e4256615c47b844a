"""The second half of filling: what finds the members, sorted aside and then written in the order of its tables.

Decides how keys come in while the shop sells. Keys are made from the file and sorted while rows are written, and put
once all rows stand. Whom the shop changed meanwhile is looked at again at the end. Runs in a process beside the till;
killed, it begins anew, and writes nothing twice.
"""

from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

import msgspec

from pos_app.domain.facts import codec as facts
from pos_app.domain.facts.envelope import decode
from pos_app.domain.facts.members import MemberErased
from pos_app.domain.members import KeyKind
from pos_app.domain.search import member_keys, member_text
from pos_app.services.ports.clock import Stopwatch
from pos_app.services.ports.filling import Filler
from pos_app.services.ports.imports import Keys, Scratch
from pos_app.services.ports.store import Store, Tx
from sync.client.filling_pace import Pace
from sync.client.filling_rows import OvertakenError
from sync.client.filling_state import FillState, load, save
from sync.client.snapshot_file import document
from sync.protocol.documents import VERSION, Kind

GATHERED_AT_ONCE = 1_000
LEAST, MOST = 2_000, 40_000
LEFT_AT_ONCE = 20
ERASED = ("member.erased",)


class _Key(msgspec.Struct, frozen=True, gc=False):
    kind: str
    value: str


class _Profile(msgspec.Struct, frozen=True):
    name: str | None = None
    keys: tuple[_Key, ...] = ()


class _Member(msgspec.Struct, frozen=True):
    profile: _Profile


class _Found(msgspec.Struct, frozen=True):
    """Of a member's document, only what finds her: reading it whole takes five times as long."""

    member: _Member | None = None


_decoder = msgspec.json.Decoder(_Found)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyDoors:
    """What the work needs; `wait_for_rows` returns once all rows stand, `told` hears how many keys of how many do."""

    store: Store
    filler: Filler
    stopwatch: Stopwatch
    wait_for_rows: Callable[[], None]
    told: Callable[[int, int], None]


class KeyWriter:
    """Writes what finds the members of one snapshot; `packed` reads its file from the beginning."""

    def __init__(self, doors: KeyDoors, state: FillState, packed: Callable[[], Iterable[bytes]]) -> None:
        self._doors, self._state, self._packed = doors, state, packed
        self._after = (state.epoch, state.seq)
        self._marks = array("q")
        """Of each member of the file, in eight bytes, what finds her."""

    def write(self) -> None:
        """Write all keys, look at those changed meanwhile, and say that all is in; raises OvertakenError."""
        with self._doors.store.scratch(is_lasting=False) as scratch:
            self._gather(scratch)
            total = scratch.sort()
            self._doors.wait_for_rows()
            scratch.exclude(self._doors.filler.unused(self._state.first_no, self._state.count))
            self._put(scratch, total)
        self._mend()
        self._put_left()
        with self._doors.filler.write() as tx:
            state = load(tx)
            if state is None or state.name != self._state.name:
                raise OvertakenError
            self._doors.filler.release(state.first_no, state.count)
            save(tx, msgspec.structs.replace(state, is_done=True))

    def _gather(self, scratch: Scratch[Tx]) -> None:
        number = self._state.first_no
        members = _members(self._packed())
        while chunk := list(islice(members, GATHERED_AT_ONCE)):
            whole: set[tuple[str, str, int]] = set()
            search: list[tuple[int, Sequence[str]]] = []
            for found in chunk:
                text, keys = found
                self._marks.append(_mark(text, keys))
                whole.update((kind, value, number) for kind, value in keys)
                search.append((number, member_keys(text)))
                number += 1
            scratch.gather(Keys({"member_key": list(whole)}, {"member_search": search}))

    def _put(self, scratch: Scratch[Tx], total: int) -> None:
        """Write the sorted rows, in transactions that keep nobody waiting."""
        done, pace = 0, Pace(self._doors.stopwatch, LEAST, MOST)
        for name, rows in scratch.sorted_rows:
            first = 1
            while first <= rows:
                last = min(first + pace.rows - 1, rows)
                pace.rest()
                with scratch.write() as tx:
                    pace.begin()
                    self._leave_erased(tx, scratch)
                    scratch.put(name, first, last)
                pace.end(last - first + 1)
                done += last - first + 1
                first = last + 1
                self._doors.told(done, total)

    def _leave_erased(self, tx: Tx, scratch: Scratch[Tx]) -> None:
        """Keep the keys of those out who were erased since the filling began."""
        head = tx.journal.head()
        if (head.epoch, head.seq) == self._after:
            return
        erased = []
        for entry in tx.imports.happened(self._after, ERASED):
            fact = facts.decode_content(entry.kind, entry.version, bytes(decode(entry.body).content))
            assert isinstance(fact, MemberErased)
            erased.append(fact.member)
        if erased:
            scratch.exclude(tx.staged_members.numbers_of(0, erased))
        self._after = (head.epoch, head.seq)

    def _mend(self) -> None:
        """Right the keys of those whom somebody changed here before they were written.

        From here on an edit finds the keys that it replaces.
        """
        first = self._state.first_no
        changed = {
            number
            for number, text, keys in self._doors.filler.stand(first, len(self._marks))
            if self._marks[number - first] != _mark(text, keys)
        }
        if not changed:
            return
        for place, found in enumerate(_members(self._packed())):
            if first + place in changed:
                with self._doors.filler.write():
                    self._doors.filler.rekey(first + place, found)

    def _put_left(self) -> None:
        """Write the keys of those whom a filling that was given up had put: few transactions ever have to."""
        for first, count in self._state.before:
            stand = (number for number, _, _ in self._doors.filler.stand(first, count))
            while numbers := list(islice(stand, LEFT_AT_ONCE)):
                with self._doors.filler.write():
                    for number in numbers:
                        self._doors.filler.rekey(number, ("", ()))


def _members(packed: Iterable[bytes]) -> Iterable[tuple[str, list[tuple[str, str]]]]:
    """Return the texts and keys of each member of a file in turn; of one who is not put in bulk, none."""
    for each in packed:
        found = document(each)
        if found.kind != Kind.MEMBER:
            continue
        try:
            member = _decoder.decode(found.body).member if found.version <= VERSION else None
        except (msgspec.DecodeError, UnicodeDecodeError):
            member = None
        if member is None:
            yield "", []
            continue
        keys = [(key.kind, key.value) for key in member.profile.keys]
        phones = [value for kind, value in keys if kind == KeyKind.PHONE]
        yield member_text(member.profile.name, phones), keys


def _mark(text: str, keys: Sequence[tuple[str, str]]) -> int:
    """Return a number by which texts and keys are told from others, in this process."""
    return hash((text, *sorted(set(keys))))
