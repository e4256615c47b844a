"""The platform of a run: the real service on a real database file, which may die at any statement and be restored.

Decides how it dies (before, within and after a transaction) and what is remembered beside it: which facts it ever
acknowledged, and which bugs it told.
"""

from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from sqlalchemy import event, select

from pos_app.domain.values.ids import MerchantId, TillId, uuid7
from pos_app.domain.values.moments import to_ms
from sync.platform import __main__ as process
from sync.platform import tables
from sync.platform.database import Database
from sync.platform.online import Members
from sync.platform.service import Outside, PlatformService
from sync.platform.staff import Scope, Staff
from sync.platform.tills import set_state
from sync.protocol.messages import TillState
from tests.simulation.chance import Chance, Crashed
from tests.support.bootstrap import NOON

START_MS = to_ms(NOON)
"""When runs begin."""
_FILE = "platform.db"
_SIDE = ("", "-wal", "-shm")


@lru_cache(maxsize=1)
def _empty() -> bytes:
    """Return a migrated database as bytes: migrating takes longer than a run."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / _FILE
        database = Database(f"sqlite+pysqlite:///{path.as_posix()}")
        database.migrate()
        database.close()
        return path.read_bytes()


class MortalDatabase(Database):
    """A database whose process may die: before a transaction, at a statement, when all is done, once it committed."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.dies_at: str | None = None
        self.statements = 0

        @event.listens_for(self.engine, "before_cursor_execute")
        def _count(*_all: Any) -> None:
            if self.dies_at == "statement":
                self.statements -= 1
                if self.statements < 0:
                    self.dies_at = None  # What unwinds now may still roll back.
                    raise Crashed

    def write(self, work: Any) -> Any:
        """Run work as the real one does, and die where that was planned."""
        if self.dies_at == "before":
            raise Crashed

        def and_die(connection: Any) -> Any:
            done = work(connection)
            if self.dies_at == "inside":
                raise Crashed
            return done

        done = super().write(and_die)
        if self.dies_at == "after":
            raise Crashed
        return done


class Hub:
    """The platform."""

    def __init__(self, folder: Path, chance: Chance) -> None:
        self.path, self.chance = folder / _FILE, chance
        self.now_ms = START_MS
        self.bugs: list[Exception] = []
        self.acknowledged: set[tuple[bytes, int, int, bytes]] = set()
        self.shut: dict[TillId, TillState] = {}
        self.generation = 0
        self.path.write_bytes(_empty())
        self.service = self._open()
        self.merchant: MerchantId = self.service.only_merchant()
        self.office = Members(self.service, self._seal)
        self.staff = Staff(self.merchant, self._id(), "office", frozenset(Scope))

    def _open(self) -> PlatformService:
        self.database = MortalDatabase(f"sqlite+pysqlite:///{self.path.as_posix()}")
        outside = Outside(
            now_ms=lambda: self.now_ms,
            random=self.chance.random.randbytes,
            new_id=self._id,
            sign=process._sign,
            unseal=process._unseal,
            report=self.bugs.append,
        )
        return PlatformService(self.database, outside)

    def _id(self) -> UUID:
        return uuid7(self.now_ms, self.chance.random.getrandbits(74))

    def _seal(self, key: bytes, plain: bytes, context: bytes) -> bytes:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce = self.chance.random.randbytes(12)
        return nonce + AESGCM(key).encrypt(nonce, plain, context)

    # Dying and coming back.

    def plan_death(self) -> None:
        """Let it die in one of its next transactions."""
        self.database.dies_at = self.chance.random.choice(("before", "statement", "inside", "after"))
        self.database.statements = self.chance.random.randrange(60)

    def start_again(self) -> None:
        """Start anew after a crash: whatever was not committed is gone."""
        self.database.close()
        self.service = self._open()
        self.service.begin()
        self.office = Members(self.service, self._seal)

    def image(self) -> bytes:
        """Return a copy of the database, as a backup is made."""
        self.database.close()
        return self.path.read_bytes()

    def restore(self, image: bytes) -> None:
        """Put an older copy in place; who was shut out is shut out again by whoever restored it."""
        self.database.close()
        for suffix in _SIDE:
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
        self.path.write_bytes(image)
        self.generation += 1
        self.start_again()
        for till, state in self.shut.items():
            self._set(till, state)

    def shut_out(self, till: TillId, state: TillState) -> None:
        """Revoke a till, or declare it dead."""
        self.shut[till] = state
        self._set(till, state)

    def _set(self, till: TillId, state: TillState) -> None:
        self.database.write(lambda c: set_state(c, self.merchant, till, state, self.now_ms))

    # Looking.

    def rows(self, query: Any) -> list[Any]:
        """Read the database; whoever looks brings about no death that was planned."""
        planned, self.database.dies_at = self.database.dies_at, None
        try:
            return list(self.database.read(lambda c: c.execute(query).all()))
        finally:
            self.database.dies_at = planned

    def note_acknowledged(self, till: bytes) -> None:
        """Remember what it holds of a till now that it answered."""
        fact = tables.fact
        query = select(fact.c.epoch, fact.c.seq, fact.c.hash).where(fact.c.till_id == till)
        self.acknowledged |= {(till, row.epoch, row.seq, row.hash) for row in self.rows(query)}
