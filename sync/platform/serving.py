"""How the platform's process serves and ends: what is under way is answered, what is new is sent away, within 10 s.

Decides the order of the end. Signals are the system's: SIGTERM, SIGINT, and Ctrl+Break on Windows; uvicorn hears them.
"""

import asyncio
import signal
import socket
from pathlib import Path
from time import monotonic
from types import FrameType

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from sync.platform.front import Front

ANSWERED_S, CLOSED_S = 7, 2
"""How long requests under way are waited for, and then the closing of their connections."""
BACKLOG = 2_048
_LAST_WORD_S = 0.01


class PromptProtocol(H11Protocol):
    """Speaks HTTP, and sends the second half of an answer without waiting for the first to be acknowledged.

    uvicorn binds its socket without naming the protocol, and asyncio then leaves Nagle's algorithm on: every answer
    came 40 ms late.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection."""
        line = transport.get_extra_info("socket")
        if line is not None:
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().connection_made(transport)


class Server(uvicorn.Server):
    """A server that shuts its door before it leaves: a request that comes meanwhile hears 503 and where to wait."""

    def __init__(self, config: uvicorn.Config, front: Front) -> None:
        super().__init__(config)
        self._front = front

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Take a signal as the wish to end; a second Ctrl+C does not wait. An end that was wished for is no failure."""
        self.force_exit |= self.should_exit and sig == signal.SIGINT
        self.should_exit = True

    async def main_loop(self) -> None:
        """Serve until a signal comes, then answer what is under way."""
        await super().main_loop()
        gate = self._front.gate
        gate.is_stopping = True
        end = monotonic() + ANSWERED_S
        while any(gate.inside) and monotonic() < end and not self.force_exit:
            await asyncio.sleep(0.05)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close what is open; what did not end by itself is cut off, and hears of it before the loop ends."""
        await super().shutdown(sockets)
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await asyncio.sleep(_LAST_WORD_S)


def server_of(front: Front, host: str, port: int, certificate: tuple[Path, Path] | None = None) -> Server:
    """Return a server for an address; with port 0 the system chooses one when it binds.

    `certificate` is the file of one and that of its private key, for HTTPS.
    """
    config = uvicorn.Config(
        front,
        host=host,
        port=port,
        http=PromptProtocol,
        ssl_certfile=certificate[0] if certificate else None,
        ssl_keyfile=certificate[1] if certificate else None,
        log_level="critical",
        access_log=False,
        server_header=False,
        backlog=BACKLOG,
        timeout_graceful_shutdown=CLOSED_S,
    )
    return Server(config, front)
