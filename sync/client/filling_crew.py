"""The processes that take members in beside a till: started, told, heard, and ended with it.

Decides how they are spoken to: a job on the first line of stdin, then words; how far they are on stdout, a line of JSON
each. A process whose stdin ends stops between two transactions: it never outlives the till that started it.
"""

import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from threading import Lock, Thread
from typing import IO

import msgspec

from sync.client.filling import CrewState, Job

WHOLE, ROWS_STAND = b"whole\n", b"rows\n"
STOP_S = 10.0


class Part(StrEnum):
    """What a process does."""

    ROWS = "rows"
    KEYS = "keys"


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """The first line of a process's stdin."""

    part: Part
    job: Job


class Said(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A line of a process's stdout: members looked at, or thousandths of the keys written; `ended` is its last.

    `stands` says that the rows of all members stand.
    """

    done: int = 0
    stands: bool = False
    ended: bool = False


_said = msgspec.json.Decoder(Said)


@dataclass(slots=True)
class _Worker:
    """A process with what it said last."""

    process: subprocess.Popen[bytes]
    said: Said = field(default_factory=Said)
    heard: Thread = field(default_factory=Thread)
    is_over: bool = False


class ProcessCrew:
    """Two processes of `command`; safe from any thread."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = tuple(command)
        self._lock = Lock()
        self._workers: dict[Part, _Worker] = {}
        self._rows_told = False

    def start(self, job: Job) -> None:
        """Begin where nobody works."""
        with self._lock:
            if not self._workers:
                self._rows_told = False
                self._workers = {part: self._started(Task(part=part, job=job)) for part in Part}

    def _started(self, task: Task) -> _Worker:
        # Nobody reads what Python says of a crash: a pipe that fills up would hold the process.
        process = subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        worker = _Worker(process)
        worker.heard = Thread(target=self._hear, args=(worker,), name=f"filling-{task.part}", daemon=True)
        _say(process.stdin, msgspec.json.encode(task) + b"\n")
        worker.heard.start()
        return worker

    def _hear(self, worker: _Worker) -> None:
        assert worker.process.stdout is not None
        for line in worker.process.stdout:
            with suppress(msgspec.MsgspecError), self._lock:
                worker.said = _said.decode(line)
        worker.process.wait()
        with self._lock:
            worker.is_over = True

    def tell_whole(self) -> None:
        """Tell both."""
        with self._lock:
            for worker in self._workers.values():
                _say(worker.process.stdin, WHOLE)

    def state(self) -> CrewState:
        """Return how far they are; let the keys be written once all rows stand."""
        with self._lock:
            rows, keys = self._workers.get(Part.ROWS), self._workers.get(Part.KEYS)
            if rows is None or keys is None:
                return CrewState(is_broken=True)
            if (rows.said.stands or rows.said.ended) and not self._rows_told:
                self._rows_told = True
                _say(keys.process.stdin, ROWS_STAND)
            return CrewState(
                rows=rows.said.done,
                keys=keys.said.done,
                is_done=rows.said.ended and keys.said.ended,
                is_broken=any(each.is_over and not each.said.ended for each in (rows, keys)),
            )

    def stop(self) -> None:
        """Close their stdin; one that does not end is killed, which the books survive as well."""
        with self._lock:
            workers, self._workers = list(self._workers.values()), {}
        for worker in workers:
            with suppress(OSError):
                if worker.process.stdin is not None:
                    worker.process.stdin.close()
        for worker in workers:
            try:
                worker.process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                worker.process.kill()
            worker.heard.join(STOP_S)
            if worker.process.stdout is not None:
                worker.process.stdout.close()
            worker.process.wait()

    @property
    def pids(self) -> list[int]:
        """The ids of the processes, for measurements."""
        with self._lock:
            return [worker.process.pid for worker in self._workers.values()]


class NobodyBeside:
    """No process at all: a till that takes in only what comes first."""

    def start(self, job: Job) -> None:
        """Let the members wait."""

    def tell_whole(self) -> None:
        """Tell nobody."""

    def state(self) -> CrewState:
        """Return that nothing is done."""
        return CrewState()

    def stop(self) -> None:
        """End nothing."""


def _say(to: IO[bytes] | None, word: bytes) -> None:
    """Say a word to a process; that it is gone shows when it is heard."""
    if to is not None:
        with suppress(OSError, ValueError):
            to.write(word)
            to.flush()


def crew_of(module: str) -> ProcessCrew:
    """Return a crew whose processes run a module of this program."""
    return ProcessCrew((sys.executable, "-m", module))
