"""Snapshots over HTTP: what a new till fetches, whole or from a byte on, however often the line breaks.

Decides ranges and what is read ahead: one chunk. What a file holds and how long it stays is `snapshots`.
Source: RFC 9110 §14 (ranges), §13.1.5 (If-Range).
"""

import os
import re
from collections.abc import AsyncIterator
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol

import anyio.to_thread
from anyio import CapacityLimiter
from litestar import Response, get
from litestar.response import Stream

from pos_app.domain.values.ids import MerchantId
from sync.platform.answers import packed
from sync.platform.gate import Place
from sync.platform.seen import Asked, gate_of
from sync.platform.till_routes import asker_of
from sync.protocol import codec
from sync.protocol.errors import Number, PlatformError
from sync.protocol.messages import Refusal, SnapshotReady

CHUNK_BYTES, PREPARED_AT_ONCE = 256_000, 4
CONTENT_TYPE = "application/octet-stream"
_RANGE = re.compile(r"bytes=(\d{1,18})?-(\d{1,18})?")


class Part(NamedTuple):
    """Bytes of a file from `first` on; `is_part` says that they were asked for by a range."""

    first: int
    size: int
    is_part: bool


class SnapshotFiles(Protocol):
    """Where snapshots come from; raises `errors.PlatformError`."""

    def prepare(self, merchant: MerchantId) -> SnapshotReady:
        """Make a snapshot, or name one that is new enough."""
        ...

    def path(self, merchant: MerchantId, name: str) -> Path:
        """Return the file of a merchant's snapshot; raises SNAPSHOT_GONE when it is no longer there."""
        ...

    def close(self) -> None:
        """Stop what is being made."""
        ...


@get("/v1/snapshot")
async def snapshot(request: Asked) -> Response[bytes]:
    """Make a snapshot ready, and say what it is called and how large it is."""
    asker = await asker_of(request)
    files = _files(request)
    # Threads of its own: it may wait until goods are written, and pushes shall not wait with it.
    limiter = request.app.state.setdefault("snapshot_threads", CapacityLimiter(PREPARED_AT_ONCE))
    ready = await anyio.to_thread.run_sync(files.prepare, asker.merchant, limiter=limiter)
    return packed(codec.encode(ready))


@get("/v1/snapshot/{name:str}")
async def snapshot_file(request: Asked) -> Response[bytes] | Stream:
    """Send a snapshot, or the part of it that was asked for."""
    asker = await asker_of(request)
    files, name = _files(request), request.path_params["name"]
    file, size = await gate_of(request).work(
        Place.SNAPSHOT, lambda: _opened(files.path(asker.merchant, name))
    )
    tag = f'"{name}"'
    wanted = request.headers.get("range", "")
    # A part is only given of the very file that the other end began with.
    part = part_of(wanted, size) if request.headers.get("if-range", tag) == tag else Part(0, size, False)
    headers = {"accept-ranges": "bytes", "etag": tag, "cache-control": "private, no-transform"}
    if part is None:
        file.close()
        headers["content-range"] = f"bytes */{size}"
        refusal = codec.encode(Refusal(number=Number.INVALID.value))
        return packed(refusal, headers, HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
    headers["content-length"] = str(part.size)
    if part.is_part:
        headers["content-range"] = f"bytes {part.first}-{part.first + part.size - 1}/{size}"
    status = HTTPStatus.PARTIAL_CONTENT if part.is_part else HTTPStatus.OK
    return Stream(_chunks(file, part), media_type=CONTENT_TYPE, headers=headers, status_code=status)


def part_of(wanted: str, size: int) -> Part | None:
    """Return which part of a file of `size` bytes a Range header names, the whole for none that is understood.

    None for a part that lies behind the end. Several parts at once are not given: the whole is, as RFC 9110 allows.
    """
    found = _RANGE.fullmatch(wanted.strip())
    if found is None or found[1] is found[2] is None:
        return Part(0, size, False)
    if found[1] is None:
        first, last = max(0, size - int(found[2])), size - 1
    else:
        first, last = int(found[1]), size - 1 if found[2] is None else min(int(found[2]), size - 1)
        if found[2] is not None and int(found[2]) < first:
            return Part(0, size, False)
    return Part(first, last - first + 1, True) if first <= last else None


def _opened(path: Path) -> tuple[BinaryIO, int]:
    try:
        file = path.open("rb")
    except OSError:
        raise PlatformError(Number.SNAPSHOT_GONE) from None
    return file, os.fstat(file.fileno()).st_size


async def _chunks(file: BinaryIO, part: Part) -> AsyncIterator[bytes]:
    left = part.size
    with file:
        await anyio.to_thread.run_sync(file.seek, part.first)
        while left:
            chunk = await anyio.to_thread.run_sync(file.read, min(left, CHUNK_BYTES))
            if not chunk:
                return
            left -= len(chunk)
            yield chunk


def _files(request: Asked) -> SnapshotFiles:
    files: SnapshotFiles = request.app.state.snapshots
    return files
