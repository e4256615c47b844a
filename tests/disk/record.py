"""What a process did to its disk, as the witness wrote it down, and what a power cut may leave of that.

Decides the model of a disk: what was synced is there; of what was written since, any part may be missing, torn at a
sector, or there without what came before it. A file's name is there as soon as it was made.
"""

import os
import shutil
import struct
import subprocess
import sys
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from random import Random

import pytest

SECTOR = 512
MARKS = "marks"
_HEAD = struct.Struct("<cHQI")


@dataclass(frozen=True, slots=True)
class Step:
    """One call: `op` is w(rite), t(runcate), s(ync), u(nlink), r(ename)."""

    op: str
    name: str
    offset: int
    data: bytes


@lru_cache(maxsize=1)
def witness() -> Path:
    """Compile the witness once; skip where there is no Linux or no compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if not sys.platform.startswith("linux") or compiler is None:
        pytest.skip("the witness between process and disk takes Linux and a C compiler")
    source = Path(__file__).with_name("witness.c")
    built = Path(os.environ.get("TMPDIR", "/tmp")) / f"shuke-witness-{os.getpid()}.so"
    command = [compiler, "-O1", "-shared", "-fPIC", "-o", str(built), str(source), "-ldl", "-lpthread"]
    subprocess.run(command, check=True, capture_output=True)
    return built


def read(log: Path) -> list[Step]:
    """Return the steps of a log."""
    body, at, steps = log.read_bytes() if log.exists() else b"", 0, []
    while at < len(body):
        op, named, offset, length = _HEAD.unpack_from(body, at)
        at += _HEAD.size
        name = body[at : at + named].decode()
        at += named
        data = body[at : at + length]
        at += length
        steps.append(Step(op.decode(), name, offset, data))
    return steps


@dataclass
class _File:
    synced: bytearray
    since: list[Step] = field(default_factory=list)


def image(before: Path, steps: list[Step], random: Random, into: Path) -> None:
    """Write what a disk may hold after these steps and a power cut, on a folder as it was before them."""
    files = {p.name: _File(bytearray(p.read_bytes())) for p in before.iterdir() if p.is_file()}
    for step in steps:
        if step.name == MARKS:
            continue
        if step.op == "u":
            files.pop(step.name, None)
        elif step.op == "r":
            files[step.data.decode()] = files.pop(step.name, _File(bytearray()))
        elif step.op == "s":
            file = files.setdefault(step.name, _File(bytearray()))
            for each in file.since:
                _apply(file.synced, each)
            file.since.clear()
        else:
            files.setdefault(step.name, _File(bytearray())).since.append(step)
    into.mkdir(parents=True)
    for name, file in files.items():
        if name.endswith("-shm"):
            continue
        (into / name).write_bytes(_cut(file, random))


def _apply(content: bytearray, step: Step) -> None:
    if step.op == "t":
        del content[step.offset :]
        content.extend(bytes(step.offset - len(content)))
        return
    end = step.offset + len(step.data)
    content.extend(bytes(max(0, end - len(content))))
    content[step.offset : end] = step.data


def _cut(file: _File, random: Random) -> bytes:
    """Return a file of which only some of what was not synced reached the disk, in any order, torn at sectors."""
    content = bytearray(file.synced)
    reached = [step for step in file.since if random.random() < random.choice((0.2, 0.5, 0.9))]
    if random.random() < 0.5:
        random.shuffle(reached)
    for step in reached:
        if step.op == "w" and random.random() < 0.3:
            sectors = random.randrange(len(step.data) // SECTOR + 1)
            step = Step("w", step.name, step.offset, step.data[: sectors * SECTOR])
        _apply(content, step)
    return bytes(content)
