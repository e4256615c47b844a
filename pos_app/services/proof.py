"""Proof: `verify` walks the journal and shows that the books are what was recorded.

Finds a changed, missing, moved or cut fact and names its place; compares the columns beside the bytes, the sales
tables, the shift totals and the receipt numbers with the journal. A complete re-signing of a journal without any
Z report or platform's acknowledgement is not claimed to be found (DESIGN.md §4).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

import msgspec

from pos_app.domain.facts import codec
from pos_app.domain.facts.envelope import GENESIS, Envelope, chain, decode
from pos_app.domain.facts.sales import SaleCommitted
from pos_app.domain.facts.shop import EpochOpened, ShiftClosed
from pos_app.domain.sales.sale import Sale
from pos_app.domain.values.hlc import Hlc
from pos_app.services.ports.clock import Verifier
from pos_app.services.ports.journal import Head, JournalEntry, SignedHead
from pos_app.services.ports.selling import SalesSums
from pos_app.services.ports.store import Store, Tx
from pos_app.services.shifts import signed_text


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: a code of `words` (`proof.…`), and its place in the journal or the tables."""

    code: str
    place: str


@dataclass(slots=True)
class Proof:
    """What verify found: how much was walked, and what is wrong (nothing, when the books are true)."""

    facts: int = 0
    sales: int = 0
    head: str = ""
    findings: list[Finding] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings


@dataclass(slots=True)
class _Walk:
    """What a walk through the journal gathers."""

    previous: bytes = GENESIS
    epoch: int = 1
    seq: int = 0
    hashes: dict[tuple[int, int], bytes] = field(default_factory=dict)
    counters: dict[tuple[int, int], int] = field(default_factory=dict)
    numbers: set[str] = field(default_factory=set)
    closes: list[tuple[str, ShiftClosed]] = field(default_factory=list)
    amount: int = 0
    lines: int = 0
    discount: int = 0


def verify(
    store: Store,
    verifier: Verifier,
    progress: Callable[[int], None] | None = None,
    paper_head: str | None = None,
) -> Proof:
    """Check the books of a store.

    `paper_head` is the head printed on a Z report (12 hex digits): it must stand in the journal.
    """
    proof = Proof()
    proof.findings += [Finding("proof.database", text) for text in store.check()]
    walk = _Walk()
    with store.read() as tx:
        for entry in tx.journal.entries():
            _check_entry(proof, walk, tx, entry)
            if progress is not None and proof.facts % 1000 == 0:
                progress(proof.facts)
        _check_head(proof, walk, tx)
        _check_signed(proof, walk, tx, verifier)
        _check_sums(proof, walk, tx)
    if paper_head and not any(h.hex().startswith(paper_head.lower()) for h in walk.hashes.values()):
        proof.findings.append(Finding("proof.paper_head_missing", paper_head))
    proof.head = walk.previous.hex()[:12]
    return proof


def _place(entry: JournalEntry) -> str:
    return f"{entry.epoch}/{entry.seq}"


def _check_entry(proof: Proof, walk: _Walk, tx: Tx, entry: JournalEntry) -> None:
    """Check one fact: its place, its hash, its columns, and for a sale its rows."""
    place = _place(entry)
    proof.facts += 1
    if entry.epoch == walk.epoch and entry.seq != walk.seq + 1:
        proof.findings.append(Finding("proof.gap", f"{entry.epoch}/{walk.seq + 1}"))
    elif entry.epoch != walk.epoch and (entry.epoch < walk.epoch or entry.seq != 1):
        proof.findings.append(Finding("proof.gap", f"{entry.epoch}/1"))
    if chain(walk.previous, entry.body) != entry.hash:
        proof.findings.append(Finding("proof.hash", place))
    walk.previous, walk.epoch, walk.seq = entry.hash, entry.epoch, entry.seq
    walk.hashes[(entry.epoch, entry.seq)] = entry.hash
    try:
        envelope = decode(entry.body)
    except msgspec.MsgspecError:
        proof.findings.append(Finding("proof.unreadable", place))
        return
    if not _columns_agree(envelope, entry):
        proof.findings.append(Finding("proof.columns", place))
    _check_content(proof, walk, tx, envelope, place)


def _columns_agree(envelope: Envelope, entry: JournalEntry) -> bool:
    return (
        envelope.epoch == entry.epoch
        and envelope.seq == entry.seq
        and envelope.kind == entry.kind
        and envelope.version == entry.version
        and envelope.fact == UUID(bytes=entry.fact)
        and envelope.hlc == entry.hlc
        and int(envelope.at.timestamp() * 1000) == entry.happened_at_ms
        and (envelope.staff.bytes if envelope.staff else None) == entry.staff
    )


def _check_content(proof: Proof, walk: _Walk, tx: Tx, envelope: Envelope, place: str) -> None:
    try:
        fact = codec.decode_content(envelope.kind, envelope.version, bytes(envelope.content))
    except codec.UnknownFactError:
        return
    except msgspec.MsgspecError:
        proof.findings.append(Finding("proof.unreadable", place))
        return
    if isinstance(fact, SaleCommitted):
        proof.sales += 1
        _check_sale(proof, walk, tx, fact.sale, envelope)
    elif isinstance(fact, ShiftClosed):
        walk.closes.append((place, fact))
    elif isinstance(fact, EpochOpened) and fact.previous_hash not in (
        walk.hashes.get((fact.previous_epoch, fact.previous_seq), b"").hex(),
    ):
        proof.findings.append(Finding("proof.epoch", place))


def _check_sale(proof: Proof, walk: _Walk, tx: Tx, sale: Sale, envelope: Envelope) -> None:
    """Check that a sale adds up, has the next number of its year, and stands in the tables as recorded."""
    place = f"{envelope.epoch}/{envelope.seq}"
    if sum(t.amount for t in sale.tenders) != sale.total + sale.cash_rounding:
        proof.findings.append(Finding("proof.sale_sum", place))
    if any(line.net != line.gross + sum(r.amount for r in line.reductions) for line in sale.lines):
        proof.findings.append(Finding("proof.sale_sum", place))
    key = (envelope.epoch, sale.business_date.year)
    walk.counters[key] = walk.counters.get(key, 0) + 1
    digits = "".join(c for c in sale.number.rpartition("-")[2] if c.isdigit())
    if int(digits or 0) != walk.counters[key] or sale.number in walk.numbers:
        proof.findings.append(Finding("proof.number", sale.number))
    walk.numbers.add(sale.number)
    walk.amount += sale.total
    walk.lines += len(sale.lines)
    walk.discount -= sale.reductions
    if not tx.sales.matches(sale, Head(envelope.epoch, envelope.seq, b"", envelope.hlc)):
        proof.findings.append(Finding("proof.sale_rows", sale.number))


def _check_head(proof: Proof, walk: _Walk, tx: Tx) -> None:
    """Check that the journal ends where it says, so that a cut tail shows."""
    head = tx.journal.head()
    ends_here = (head.epoch, head.seq, head.hash) == (walk.epoch, walk.seq, walk.previous)
    if not ends_here and not (head.seq == 0 and head.hash == walk.previous):
        proof.findings.append(Finding("proof.cut", f"{walk.epoch}/{walk.seq}"))


def _check_signed(proof: Proof, walk: _Walk, tx: Tx, verifier: Verifier) -> None:
    """Check every signed Z: its head stands in the journal, its signature fits, its totals are those of the sales."""
    kept = {(h.epoch, h.seq): h for h in tx.journal.signed_heads()}
    for signed in kept.values():
        if walk.hashes.get((signed.epoch, signed.seq)) != signed.hash:
            proof.findings.append(Finding("proof.below_z", f"{signed.epoch}/{signed.seq}"))
        if not _signature_fits(signed, verifier):
            proof.findings.append(Finding("proof.signature", f"{signed.epoch}/{signed.seq}"))
    for place, closed in walk.closes:
        if (closed.head_epoch, closed.head_seq) not in kept:
            proof.findings.append(Finding("proof.z_missing", place))
        if tx.shifts.get(closed.shift) is None:
            proof.findings.append(Finding("proof.shift_rows", place))
        elif not _totals_agree(tx, closed):
            proof.findings.append(Finding("proof.shift_totals", place))


def _signature_fits(signed: SignedHead, verifier: Verifier) -> bool:
    message = signed_text(Head(signed.epoch, signed.seq, signed.hash, Hlc(0)))
    return verifier.verify(signed.public_key, message, signed.signature)


def _totals_agree(tx: Tx, closed: ShiftClosed) -> bool:
    """Whether a Z report's sums of money are those of the shift's sales now."""
    now, then = tx.shifts.totals(closed.shift), closed.totals
    return (now.sales, now.returns, now.tenders, now.tax, now.expected_cash, now.sales_count) == (
        then.sales,
        then.returns,
        then.tenders,
        then.tax,
        then.expected_cash,
        then.sales_count,
    )


def _check_sums(proof: Proof, walk: _Walk, tx: Tx) -> None:
    """Check that the sales tables hold nothing that the journal does not, and the counters stand right."""
    sums: SalesSums = tx.sales.sums()
    here = (sums.baskets, sums.lines, sums.amount, sums.discount)
    if here != (proof.sales, walk.lines, walk.amount, walk.discount):
        proof.findings.append(Finding("proof.sums", f"{here[0]}/{proof.sales}"))
    if dict(tx.sales.counters()) != walk.counters:
        proof.findings.append(Finding("proof.counter", ""))
