"""What filling a new till with its members asks of the store: numbers kept free, rows without keys, keys afterwards.

Decides the questions; `sync.client` asks them in processes beside the till, `pos_app.persistence` answers.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from pos_app.services.ports.people import FetchedMember
from pos_app.services.ports.store import Tx


class Filler(Protocol):
    """Writes members in bulk on a connection of its own; one thread only.

    A member who was put is known by her id; she is listed once she is in the walk, and found by what is typed once her
    keys are there.
    """

    def write(self) -> AbstractContextManager[Tx]:
        """Begin a writing transaction, in which the other methods work (see the store for errors)."""
        ...

    def settle(self) -> None:
        """Bring what was committed from the log to its place, with no transaction open; keeps no writer waiting.

        What was committed is only then safe from a power cut, unless somebody else commits after it.
        """
        ...

    def reserve(self, count: int) -> int:
        """Keep so many numbers free, in order, and return the first; sign-ups meanwhile get later ones."""
        ...

    def release(self, first: int, count: int) -> None:
        """Keep numbers free no longer."""
        ...

    def known(self, members: Sequence[bytes]) -> set[bytes]:
        """Return those of some ids who stand here already, erased ones among them."""
        ...

    def put(self, members: Sequence[tuple[int, FetchedMember]]) -> None:
        """Write members who do not stand here under numbers kept free, in their order, without any key."""
        ...

    def sort_walk(self) -> int:
        """Sort those who were put by their rank, beside the database; return how many there are.

        Numbers that were kept free and given up count as well. No transaction may be open.
        """
        ...

    def put_walk(self, first: int, last: int) -> None:
        """List the sorted ones from `first` to `last` (from 1, both counted); those changed since are there."""
        ...

    def end_walk(self) -> None:
        """Say that all who were put are listed."""
        ...

    def sort_goods(self) -> int:
        """Make what finds all goods that stand here and sort it, beside the database; return how many keys there are.

        No transaction may be open.
        """
        ...

    def put_goods(self, first: int, last: int) -> None:
        """Write the sorted keys from `first` to `last` (from 1, both counted); those that stand already stay."""
        ...

    def changed_goods(self) -> Sequence[int]:
        """Return numbers of goods that were changed, removed or made since `sort_goods`."""
        ...

    def rekey_goods(self, number: int) -> None:
        """Let the keys of such goods be those of their row."""
        ...

    def unused(self, first: int, count: int) -> Sequence[int]:
        """Return the numbers kept free under which nobody was put."""
        ...

    def stand(self, first: int, count: int) -> Iterator[tuple[int, str, Sequence[tuple[str, str]]]]:
        """Walk those who stand under numbers: number, texts that she matches by, keys; one erased has neither.

        Read as they are walked, in transactions of its own.
        """
        ...

    def rekey(self, number: int, before: tuple[str, Sequence[tuple[str, str]]]) -> None:
        """Let the keys of a member be those of her row, where those of `before` (texts, keys) may stand."""
        ...
