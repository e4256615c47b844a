"""One of each message, invented, with every field filled; and the least of each, with what must be there."""

from uuid import UUID

import msgspec

from sync.protocol import messages as m

TILL, SHOP, MERCHANT, SUBJECT = (UUID(int=n) for n in (11, 22, 33, 44))
HASH, KEY = bytes(range(32)), bytes(reversed(range(32)))
PLACE = m.Position(1, 7, HASH)
CLOCK = m.ClockReading(1_795_000_000_000, 86_400_000, "b0", 1_795_000_000_000 << 16)
SOON = m.Next(after_ms=500, max_facts=100, max_bytes=64_000, spread_s=30)
FACT = m.SentFact(8, HASH, b'{"format":1}')
DOCUMENT = m.Document("member", SUBJECT.bytes, 99, False, 1, b'{"name":"x"}')

WHOLE: dict[str, msgspec.Struct] = {
    "push": m.Push(
        p=1,
        till=TILL,
        base=PLACE,
        letters=3,
        clock=CLOCK,
        facts=(FACT,),
        keys=(m.SubjectKey(SUBJECT, KEY),),
        documents=(m.Offered("variant", SUBJECT.bytes, 77, True, 1, b'{"variant":{}}', 5),),
    ),
    "ask": m.Ask(p=1, what=m.Asked.RECEIPT, text="N01-1-2026-000123", limit=5),
    "answer": m.Answer(
        members=(DOCUMENT,),
        sales=(m.SaleSeen(b'{"number":"x"}', "东门店", True, ((SUBJECT, 1000),)),),
        more=True,
    ),
    "snapshot_ready": m.SnapshotReady(
        name="a" * 32, size=1_000, documents=20, first=5, cursor=b"c", digest=HASH[:8], sha256=HASH
    ),
    "push_reply": m.PushReply(
        ack=PLACE,
        signature=HASH + HASH,
        state=m.TillState.FORKED,
        results=(m.FactResult(8, m.FactState.PARKED, "unknown_kind"),),
        letters=(m.Letter(4, "grant", b"{}"),),
        head=99,
        next=SOON,
    ),
    "pull": m.Pull(p=1, cursor=b"c", limit=500),
    "pull_reply": m.PullReply(
        rows=(DOCUMENT,),
        cursor=b"d",
        projected=PLACE,
        parked=(5, 6),
        digest=HASH,
        more=True,
        head=120,
        next=SOON,
    ),
    "hello": m.Hello(least=1, newest=1, till=TILL, head=PLACE, clock=CLOCK),
    "hello_reply": m.HelloReply(
        p=1,
        merchant=MERCHANT,
        shop=SHOP,
        wall_ms=1,
        ack=PLACE,
        state=m.TillState.CLOSED,
        head=4,
        next=SOON,
    ),
    "enrol": m.Enrol(
        p=1,
        code="ABCD-EFGH",
        way=m.Way.JOIN,
        till=TILL,
        shop=SHOP,
        shop_code="N01",
        till_code="1",
        shop_name="熟客小店",
        currency="CNY",
        public_key=KEY,
    ),
    "enrolled": m.Enrolled(merchant=MERCHANT, shop=SHOP, token="t", platform_key=KEY, shop_code="N02"),
    "refusal": m.Refusal(
        number=1004,
        retry_after_s=2,
        expected=PLACE,
        place=8,
        least=1,
        newest=2,
        currency="CNY",
    ),
}
LEAST: dict[str, msgspec.Struct] = {
    "ask": m.Ask(p=1, what=m.Asked.MEMBERS, text="138"),
    "answer": m.Answer(),
    "push": m.Push(p=1, till=TILL, base=PLACE, letters=0, clock=CLOCK, facts=()),
    "push_reply": m.PushReply(ack=PLACE, signature=b""),
    "pull": m.Pull(p=1),
    "pull_reply": m.PullReply(rows=(), cursor=b"", projected=PLACE),
    "hello_reply": m.HelloReply(p=1, merchant=MERCHANT, shop=SHOP, wall_ms=1, ack=PLACE),
    "refusal": m.Refusal(number=5001),
}
