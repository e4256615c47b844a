"""What the platform does for tills: each use case is one transaction. Decides who may; the rules stand beside it.

Time, chance and signatures are handed in. Holds no business state: two servers on one database serve the same tills.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, select

from pos_app.domain.values.ids import MerchantId, ShopId, TillId
from sync.platform import tables
from sync.platform.database import Database
from sync.platform.storing import Sign, line_of, store
from sync.platform.tills import Asker, RandomBytes, asker_of, enrol, found_merchant, new_code, set_state
from sync.protocol.errors import Number, PlatformError
from sync.protocol.messages import Enrol, Enrolled, Hello, HelloReply, Push, PushReply, TillState
from sync.protocol.versions import LEAST, NEWEST, spoken


@dataclass(frozen=True, slots=True)
class Outside:
    """What the platform is given: the wall clock in milliseconds, random bytes, new ids, how a message is signed."""

    now_ms: Callable[[], int]
    random: RandomBytes
    new_id: Callable[[], UUID]
    sign: Sign


class PlatformService:
    """Use cases of the platform; safe to use from several threads."""

    def __init__(self, database: Database, outside: Outside) -> None:
        self.database = database
        self._outside = outside

    @property
    def outside(self) -> Outside:
        """What it was given: its neighbours of the same process take time and chance from there too."""
        return self._outside

    def only_merchant(self, currency: str = "CNY") -> MerchantId:
        """Return the merchant of a platform that serves one, made when there is none."""
        now, random = self._outside.now_ms(), self._outside.random

        def work(connection: Connection) -> MerchantId:
            known = connection.execute(
                select(tables.merchant.c.merchant_id).order_by(tables.merchant.c.founded_at)
            ).scalar()
            if known is not None:
                return MerchantId(UUID(bytes=known))
            merchant = MerchantId(self._outside.new_id())
            found_merchant(connection, merchant, currency, random(32), now)
            return merchant

        return self.database.write(work)

    def new_code(self, merchant: MerchantId, shop: ShopId | None = None) -> str:
        """Return a one-time code for a till."""
        now = self._outside.now_ms()
        return self.database.write(lambda c: new_code(c, merchant, self._outside.random, now, shop))

    def enrol(self, asked: Enrol) -> Enrolled:
        """Make a till one of a merchant's; raises as `tills.enrol` does, VERSION for a version not spoken here."""
        if not LEAST <= asked.p <= NEWEST:
            raise _other_version()
        return self.database.write(lambda c: enrol(c, asked, self._outside.random, self._outside.now_ms()))

    def asker(self, token: str) -> Asker:
        """Return whose token it is; raises PlatformError TOKEN."""
        return self.database.read(lambda c: asker_of(c, token))

    def revoke(self, merchant: MerchantId, till: TillId) -> None:
        """Shut a till out: it learns nothing more, and what it still sends is quarantined."""
        self.database.write(lambda c: set_state(c, merchant, till, TillState.REVOKED))

    def hello(self, asker: Asker, hello: Hello) -> HelloReply:
        """Greet a till; raises VERSION when there is none that both speak, REVOKED."""
        version = spoken(hello.least, hello.newest)
        if version is None:
            raise _other_version()
        if asker.state is TillState.REVOKED:
            raise PlatformError(Number.REVOKED)
        line = self.database.read(lambda c: line_of(c, asker.merchant, asker.till))
        return HelloReply(
            p=version,
            merchant=asker.merchant,
            shop=asker.shop,
            wall_ms=self._outside.now_ms(),
            ack=line.end,
            state=line.state,
        )

    def push(self, asker: Asker, push: Push) -> PushReply:
        """Store facts; raises as `storing.store` does."""
        if not LEAST <= push.p <= NEWEST:
            raise _other_version()
        return self.database.write(
            lambda c: store(c, asker, push, self._outside.now_ms(), self._outside.sign)
        )


def _other_version() -> PlatformError:
    return PlatformError(Number.VERSION, least=LEAST, newest=NEWEST)
