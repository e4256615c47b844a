"""A till of a run: a real shop on disk with the real turns of sync, which may die at any commit, be restored or cloned.

Decides what a restart, a restore and a clone are; when they happen is `happenings`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from pos_app.domain.values.ids import TillId
from pos_app.domain.values.moments import from_ms, to_ms
from pos_app.persistence.backups import ZipBackups
from pos_app.persistence.database import open_store
from pos_app.persistence.secrets import Ed25519Verifier
from pos_app.persistence.store import SqlStore, SqlTx
from pos_app.services.backups import RestoreTools, make_backup, restore
from pos_app.services.ports.clock import StillWatch
from pos_app.services.ports.syncing import EnrolWay, SyncLink
from sync.client.applying import ApplyOne, appliers
from sync.client.engine import PushEngine, Round
from sync.client.goods_applying import APPLIERS, Applier
from sync.client.goods_bringing import at_first
from sync.client.pace import Pace
from sync.client.pauses import Pauses
from sync.client.pulling import Pulled, PullEngine
from sync.client.status import StatusBoard, waiting
from sync.client.turns import StalledError, Times, TurnDoors, Turns
from sync.protocol.documents import Kind
from sync.protocol.messages import ClockReading, Enrol, Hello, HelloReply, TillState, Way
from tests.simulation.chance import Chance, Died
from tests.simulation.hub import Hub
from tests.simulation.wire import Net, SimWire
from tests.support.shop_on_disk import DATABASE, DiskShop, open_shop, place_shop, shop_of

_SIDE = ("", "-wal", "-shm")
_LIVES_APART = 1 << 32


class Parts:
    """The engines of one life of a till, as `turns.Parts`."""

    def __init__(self, till: "SimTill", times: Times) -> None:
        store, wire = till.shop.store, till.wire
        goods = {kind: _of_goods(apply) for kind, apply in APPLIERS.items()}
        known = appliers(till.shop.shop.settings.value.shop_id, goods)
        self._till, self._times, self._wire = till, times, wire
        self.sender = PushEngine(store, till.id, wire, times.reading, Ed25519Verifier())
        self.taker = PullEngine(store, wire, known, StillWatch())

    def hello(self, hello: Hello) -> HelloReply:
        """Greet the platform."""
        return self._wire.hello(hello)

    def push(self) -> Round:
        """Send the next facts."""
        return self.sender.push()

    def pull(self) -> Pulled:
        """Take in the next documents."""
        pulled = self.taker.pull(self._times.now_ms())
        if Kind.SETTINGS in pulled.kinds:
            self._till.shop.shop.settings.look_again()
        return pulled

    def is_filling(self) -> bool:
        """No till of a run begins with a snapshot."""
        return False

    def fill(self) -> bool:
        """There is no snapshot."""
        return False

    def close(self) -> None:
        """Nothing works beside this process."""


def _of_goods(apply: Applier) -> ApplyOne:
    return lambda tx, document, _body: apply(tx, document)


class SimTill:
    """A till with its outside; `which` is the number of its shop."""

    id: TillId
    shop: DiskShop
    wire: SimWire

    def __init__(self, which: int, folder: Path, net: Net, chance: Chance) -> None:
        self.which, self.folder, self.net, self.chance = which, folder, net, chance
        self.skew_ms = 0
        self.lives = 1
        self.is_clone = self.was_restored = False
        self.dies_in: int | None = None
        self.dies_at = "before"
        self.images: list[bytes] = []
        self.was_cloned = False
        self.said: dict[tuple[UUID, str], tuple[tuple[int, int], object]] = {}
        """What was edited here: the place of the fact, and the word."""

    @classmethod
    def founded(cls, which: int, folder: Path, hub: Hub, net: Net) -> "SimTill":
        """Found a shop and enrol its till: the first one founds the merchant's records, others join them."""
        till = cls(which, folder, net, hub.chance)
        place_shop(folder, which)
        till.shop = open_shop(folder, which=which)
        till.id = TillId(till.shop.shop.settings.value.till_id)
        till._arm(till.shop.store)
        token = till._enrol(hub, EnrolWay.FOUND if which == 1 else EnrolWay.JOIN)
        till.wire = SimWire(net, token)
        till.start()
        return till

    def cloned(self, folder: Path) -> "SimTill":
        """Return another machine with a copy of this till's disk."""
        other = SimTill(self.which, folder, self.net, self.chance)
        folder.mkdir()
        (folder / DATABASE).write_bytes(self.image())
        other.shop = open_shop(folder, which=self.which, first_id=_LIVES_APART * (self.which + 100))
        other.shop.clock.at, other.id, other.skew_ms = self.shop.clock.at, self.id, self.skew_ms
        other.is_clone = self.was_cloned = True
        other._arm(other.shop.store)
        other.wire = SimWire(self.net, self.wire.token)
        other.start()
        return other

    def _enrol(self, hub: Hub, way: EnrolWay) -> str:
        settings = self.shop.shop.settings.value
        asked = Enrol(
            p=1,
            code=hub.service.new_code(hub.merchant),
            way=Way(way.value),
            till=self.id,
            shop=settings.shop_id,
            shop_code=settings.shop_code,
            till_code=settings.till_code,
            shop_name=settings.shop_name,
            currency=settings.currency,
            public_key=self.shop.outside.signer.public_key(),
        )
        enrolled = hub.service.enrol(asked)
        with self.shop.store.write() as tx:
            link = SyncLink(
                address="",
                merchant=hub.merchant,
                platform_key=enrolled.platform_key,
                enrolled_at_ms=0,
                epoch=1,
                seq=0,
                hash=tx.journal.base_of(1) or bytes(32),
                way=way.value,
                uploading=at_first(way, tx.journal.head()),
            )
            tx.links.save(link)
        return enrolled.token

    # Lives.

    def start(self) -> None:
        """Begin a life: engines know nothing of the one before."""
        times = Times(steady_s=lambda: self.net.hub.now_ms / 1000, now_ms=self.now_ms, reading=self._reading)
        self.parts = Parts(self, times)
        doors = TurnDoors(
            store=self.shop.store,
            till=self.id,
            times=times,
            pauses=Pauses(self.chance.random.random),
            board=StatusBoard(self.shop.store),
            pace=Pace(times.steady_s),
        )
        self.turns = Turns(doors, self.parts)

    def now_ms(self) -> int:
        """The wall of this till."""
        return to_ms(self.shop.clock.now())

    def set_clock(self) -> None:
        """Let this till's clock show what it does when the world's shows what it does."""
        self.shop.clock.at = from_ms(self.net.hub.now_ms) + timedelta(milliseconds=self.skew_ms)

    def _reading(self) -> ClockReading:
        with self.shop.store.read() as tx:
            hlc = tx.journal.head().hlc
        return ClockReading(self.now_ms(), self.net.hub.now_ms, f"boot {self.lives}", hlc)

    def _arm(self, store: SqlStore) -> None:
        """Let a store die with the till, at a commit that was planned."""
        real = store.write

        @contextmanager
        def write() -> Iterator[SqlTx]:
            at = self._death()
            if at == "before":
                raise Died
            with real() as tx:
                yield tx
                if at == "inside":
                    raise Died
            if at == "after":
                raise Died

        store.write = write  # type: ignore[method-assign]

    def _death(self) -> str:
        if self.dies_in is None:
            return ""
        self.dies_in -= 1
        return self.dies_at if self.dies_in < 0 else ""

    def plan_death(self) -> None:
        """Let the till die at one of its next commits."""
        self.dies_in = self.chance.random.randrange(6)
        self.dies_at = self.chance.random.choice(("before", "inside", "after"))

    def restart(self) -> None:
        """Begin again after the power was cut; what it was about to say, it may have said."""
        self.said.clear()
        self.dies_in = None
        self.lives += 1
        self.shop.store.close()
        self._open()

    def _open(self) -> None:
        store = open_store(self.shop.database)
        self._arm(store)
        self.shop.store, self.shop.shop = store, shop_of(store, self.shop.outside.tools)
        self.start()

    def turn(self) -> float:
        """Do one turn of sync; return for how many seconds it wants to rest."""
        try:
            return self.turns.turn().seconds
        except StalledError:
            self.chance.counts["stall"] += 1
            self.start()
            return 0.0

    # Copies of the disk.

    def image(self) -> bytes:
        """Return a copy of the database."""
        copy = self.folder / "copy.db"
        copy.unlink(missing_ok=True)
        self.shop.store.copy_to(copy)
        image = copy.read_bytes()
        copy.unlink()
        return image

    def put_back(self, image: bytes) -> None:
        """Put an older copy of the disk in place, as it is: nobody opens a new epoch."""
        self.said.clear()
        self.shop.store.close()
        for suffix in _SIDE:
            self.shop.database.with_name(DATABASE + suffix).unlink(missing_ok=True)
        self.shop.database.write_bytes(image)
        self.lives += 1
        self.dies_in = None
        self._open()

    def open_epoch(self) -> None:
        """Let a manager open a new epoch the way the product does: by a backup that is restored over the till."""
        source = self.folder / "backup.zip"
        self.dies_in = None
        make_backup(self.shop.store, ZipBackups(), self.shop.clock, source)
        self.shop.store.close()
        tools = RestoreTools(
            files=ZipBackups(),
            open_store=open_store,
            open_present=lambda: open_store(self.shop.database),
            clock=self.shop.clock,
            ids=self.shop.outside.ids,
            database=self.shop.database,
        )
        restore(tools, source, force=True)
        self.lives += 1
        self._open()

    # Looking.

    @property
    def link(self) -> SyncLink:
        """The tie as it stands."""
        with self.shop.store.read() as tx:
            link = tx.links.load()
        assert link is not None
        return link

    def unsent(self) -> int:
        """How many facts the platform has not acknowledged."""
        with self.shop.store.read() as tx:
            link = tx.links.load()
            assert link is not None
            return waiting(tx, link)[0]

    @property
    def needs_epoch(self) -> bool:
        """Whether the till knows that it was restored or cloned."""
        link = self.link
        return link.is_restored or link.state == TillState.FORKED

    def head(self) -> tuple[int, int]:
        """Return the place of the latest fact."""
        with self.shop.store.read() as tx:
            head = tx.journal.head()
        return head.epoch, head.seq
