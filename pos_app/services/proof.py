"""Proof: `verify` walks the journal and shows that the books are what was recorded.

Finds a changed, missing, moved or cut fact and names its place; compares the columns beside the bytes, the sales
tables, the shift totals and the receipt numbers with the journal. A complete re-signing of a journal without any
Z report or platform's acknowledgement is not claimed to be found (DESIGN.md §4).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

import msgspec

from pos_app.domain.facts import codec
from pos_app.domain.facts.acks import ack_text
from pos_app.domain.facts.envelope import GENESIS, Envelope, chain, decode
from pos_app.domain.facts.sales import SaleCommitted
from pos_app.domain.facts.shop import (
    EpochOpened,
    KeyChanged,
    ShiftClosed,
    ShopFounded,
)
from pos_app.domain.sales.sale import Sale, receipt_number
from pos_app.domain.values.hlc import Hlc
from pos_app.domain.values.moments import to_ms
from pos_app.services.ports.clock import Verifier
from pos_app.services.ports.journal import Head, JournalEntry, SignedHead
from pos_app.services.ports.selling import SalesSums
from pos_app.services.ports.store import Store, Tx
from pos_app.services.proof_invoices import ToldInvoices
from pos_app.services.proof_payments import ToldPayments
from pos_app.services.proof_shifts import ShiftWalk
from pos_app.services.proof_shifts import findings as shift_findings
from pos_app.services.proof_tenders import ToldTenders
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
    hlc: int = -1
    hashes: dict[tuple[int, int], bytes] = field(default_factory=dict)
    counters: dict[tuple[int, int], int] = field(default_factory=dict)
    numbers: set[str] = field(default_factory=set)
    shifts: ShiftWalk = field(default_factory=ShiftWalk)
    amount: int = 0
    lines: int = 0
    discount: int = 0
    public_key: str = ""
    tenders: ToldTenders = field(default_factory=ToldTenders)
    payments: ToldPayments = field(default_factory=ToldPayments)
    invoices: ToldInvoices = field(default_factory=ToldInvoices)
    key_changes: dict[str, str] = field(default_factory=dict)
    """Where the till began to sign with another key, and which."""


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
        with _readable(proof, "journal"):
            for entry in tx.journal.entries():
                proof.facts += 1
                with _readable(proof, _place(entry)):
                    _check_entry(proof, walk, tx, entry)
                if progress is not None and proof.facts % 1000 == 0:
                    progress(proof.facts)
        with _readable(proof, "journal_head"):
            _check_head(proof, walk, tx)
        with _readable(proof, "signed_head"):
            _check_signed(proof, walk, tx, verifier)
        with _readable(proof, "sync_link"):
            _check_ack(proof, walk, tx, verifier)
        with _readable(proof, "shift"):
            proof.findings += [Finding(*found) for found in shift_findings(walk.shifts, tx)]
        with _readable(proof, "sale"):
            _check_sums(proof, walk, tx)
        told: dict[str, ToldTenders | ToldPayments | ToldInvoices]
        told = {"tender": walk.tenders, "payment_attempt": walk.payments, "invoice": walk.invoices}
        for place, rows in told.items():
            with _readable(proof, place):
                proof.findings += [Finding(code, where) for code, where in rows.differences(tx)]
    if paper_head and not any(h.hex().startswith(paper_head.lower()) for h in walk.hashes.values()):
        proof.findings.append(Finding("proof.paper_head_missing", paper_head))
    proof.head = walk.previous.hex()[:12]
    return proof


@contextmanager
def _readable(proof: Proof, place: str) -> Iterator[None]:
    """Turn whatever reading a place raises into a finding: a thief may leave anything there, and leave things out."""
    try:
        yield
    except Exception:
        proof.findings.append(Finding("proof.unreadable", place))


def _place(entry: JournalEntry) -> str:
    return f"{entry.epoch}/{entry.seq}"


def _check_entry(proof: Proof, walk: _Walk, tx: Tx, entry: JournalEntry) -> None:
    """Check one fact: its place, its hash, its columns, and for a sale its rows."""
    place = _place(entry)
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
    if envelope.hlc <= walk.hlc:
        proof.findings.append(Finding("proof.clock", place))
    walk.hlc = envelope.hlc
    walk.shifts.events[envelope.kind] += 1
    _check_content(proof, walk, tx, envelope, place)


def _columns_agree(envelope: Envelope, entry: JournalEntry) -> bool:
    return (
        (envelope.epoch, envelope.seq) == (entry.epoch, entry.seq) == entry.kept_under
        and envelope.kind == entry.kind
        and envelope.version == entry.version
        and envelope.fact == UUID(bytes=entry.fact)
        and envelope.hlc == entry.hlc
        and to_ms(envelope.at) == entry.happened_at_ms
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
    elif isinstance(fact, EpochOpened):
        origin = walk.hashes.get((fact.previous_epoch, fact.previous_seq), b"")
        if fact.previous_hash != origin.hex():
            proof.findings.append(Finding("proof.epoch", place))
    else:
        _check_key(proof, walk, fact, place)
        walk.shifts.tell(fact, envelope, place, walk.payments.in_care)
        if not walk.payments.take(fact, envelope.at):
            proof.findings.append(Finding("proof.payment", place))
        walk.invoices.tell(fact, envelope)


def _check_key(proof: Proof, walk: _Walk, fact: msgspec.Struct, place: str) -> None:
    """Check that each Z is signed with the till's key, which changes only by a fact that says so."""
    if isinstance(fact, ShopFounded):
        walk.public_key = fact.public_key
    elif isinstance(fact, KeyChanged):
        if fact.previous != walk.public_key:
            proof.findings.append(Finding("proof.key", place))
        walk.public_key = walk.key_changes[place] = fact.public_key
    elif isinstance(fact, ShiftClosed) and fact.public_key != walk.public_key:
        proof.findings.append(Finding("proof.key", place))


def _check_sale(proof: Proof, walk: _Walk, tx: Tx, sale: Sale, envelope: Envelope) -> None:
    """Check that a sale adds up, has the next number of its year, and stands in the tables as recorded."""
    place = f"{envelope.epoch}/{envelope.seq}"
    if sum(t.amount for t in sale.tenders) != sale.total + sale.cash_rounding:
        proof.findings.append(Finding("proof.sale_sum", place))
    if any(line.net != line.gross + sum(r.amount for r in line.reductions) for line in sale.lines):
        proof.findings.append(Finding("proof.sale_sum", place))
    key = (envelope.epoch, sale.business_date.year)
    walk.counters[key] = walk.counters.get(key, 0) + 1
    due = receipt_number("", "", sale.business_date.year, envelope.epoch, walk.counters[key])
    if sale.number.split("-")[2:] != due.split("-")[2:] or sale.number in walk.numbers:
        proof.findings.append(Finding("proof.number", sale.number))
    walk.numbers.add(sale.number)
    if not walk.tenders.take(sale):
        proof.findings.append(Finding("proof.tender", sale.number))
    if not walk.payments.take_sale(sale):
        proof.findings.append(Finding("proof.payment_tender", sale.number))
    walk.amount += sale.total
    walk.lines += len(sale.lines)
    walk.discount -= sale.reductions
    if not tx.sales.matches(sale, Head(envelope.epoch, envelope.seq, b"", envelope.hlc)):
        proof.findings.append(Finding("proof.sale_rows", sale.number))


def _check_head(proof: Proof, walk: _Walk, tx: Tx) -> None:
    """Check that the journal ends where it says, so that a cut tail shows."""
    head = tx.journal.head()
    ends_here = (head.epoch, head.seq, head.hash) == (walk.epoch, walk.seq, walk.previous)
    if not ends_here:
        proof.findings.append(Finding("proof.cut", f"{walk.epoch}/{walk.seq}"))
    elif head.hlc != max(walk.hlc, 0):
        proof.findings.append(Finding("proof.clock", f"{walk.epoch}/{walk.seq}"))


def _check_signed(proof: Proof, walk: _Walk, tx: Tx, verifier: Verifier) -> None:
    """Check every signed Z: its head stands in the journal, its signature fits, and its fact says the same."""
    kept = {(h.epoch, h.seq): h for h in tx.journal.signed_heads()}
    for signed in kept.values():
        if walk.hashes.get((signed.epoch, signed.seq)) != signed.hash:
            proof.findings.append(Finding("proof.below_z", f"{signed.epoch}/{signed.seq}"))
        if not _signature_fits(signed, verifier):
            proof.findings.append(Finding("proof.signature", f"{signed.epoch}/{signed.seq}"))
    for close in walk.shifts.closes:
        fact = close.fact
        own = kept.pop((fact.head_epoch, fact.head_seq), None)
        if own is None:
            proof.findings.append(Finding("proof.z_missing", close.place))
        elif (own.hash.hex(), own.signature.hex(), own.public_key.hex()) != (
            fact.head_hash,
            fact.signature,
            fact.public_key,
        ):
            proof.findings.append(Finding("proof.signature", close.place))
    for (epoch, seq), alone in kept.items():
        # A signature without its closing fact: the fact was cut off. A change of keys between two Zs is signed, too.
        if walk.key_changes.get(f"{epoch}/{seq}") != alone.public_key.hex():
            proof.findings.append(Finding("proof.below_z", f"{epoch}/{seq}"))


def _check_ack(proof: Proof, walk: _Walk, tx: Tx, verifier: Verifier) -> None:
    """Check that what the platform acknowledged stands in the journal, and that it was the platform who said so."""
    link, settings = tx.links.load(), tx.settings.load()
    if link is None or settings is None:
        return
    here = walk.hashes.get((link.epoch, link.seq)) if link.seq else tx.journal.base_of(link.epoch)
    if here != link.hash:
        proof.findings.append(Finding("proof.below_ack", f"{link.epoch}/{link.seq}"))
    text = ack_text(settings.till_id, link.epoch, link.seq, link.hash)
    # A place that only a refusal named, or none yet, comes without a signature.
    if link.signature and not verifier.verify(link.platform_key, text, link.signature):
        proof.findings.append(Finding("proof.ack_signature", f"{link.epoch}/{link.seq}"))


def _signature_fits(signed: SignedHead, verifier: Verifier) -> bool:
    message = signed_text(Head(signed.epoch, signed.seq, signed.hash, Hlc(0)))
    return verifier.verify(signed.public_key, message, signed.signature)


def _check_sums(proof: Proof, walk: _Walk, tx: Tx) -> None:
    """Check that the sales tables hold nothing that the journal does not, and the counters stand right."""
    sums: SalesSums = tx.sales.sums()
    here = (sums.baskets, sums.lines, sums.amount, sums.discount)
    strangers = [number for number in tx.sales.numbers() if number not in walk.numbers]
    proof.findings += [Finding("proof.sale_stranger", number) for number in strangers]
    if not strangers and here != (proof.sales, walk.lines, walk.amount, walk.discount):
        proof.findings.append(Finding("proof.sums", f"{here[0]}/{proof.sales}"))
    counters = dict(tx.sales.counters())
    for epoch, year in sorted(counters.keys() | walk.counters.keys()):
        if counters.get((epoch, year)) != walk.counters.get((epoch, year)):
            proof.findings.append(Finding("proof.counter", f"{epoch}/{year}"))
