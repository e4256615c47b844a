"""What of goods, people and settings a fact is about, how far they were brought along, which labels they ask for."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.catalogue import Barcode, PriceRow, Style, Variant
from pos_app.domain.facts import codec
from pos_app.domain.facts.catalogue import GoodsSaved, PieceSaved, PriceSet, PricesSet
from pos_app.domain.facts.envelope import FORMAT, Envelope, encode
from pos_app.domain.facts.imports import ImportPublished, ImportWithdrawn
from pos_app.domain.facts.shop import (
    BadgeGiven,
    CatalogueImported,
    GoldPriceSet,
    SettingsChanged,
    SignedIn,
    StaffSaved,
)
from pos_app.domain.imports.kinds import Kind as ImportKind
from pos_app.domain.sales.line import LineKind
from pos_app.domain.settings import MERCHANT_FIELDS, Settings
from pos_app.domain.staff import Role
from pos_app.domain.values.hlc import Hlc
from pos_app.domain.values.ids import (
    FactId,
    ImportId,
    PieceId,
    PriceId,
    StaffId,
    StyleId,
    TillId,
    VariantId,
)
from pos_app.domain.values.money import Amount
from pos_app.services.ports.journal import Head, JournalEntry
from pos_app.services.ports.syncing import EnrolWay
from sync.client.goods import SETTINGS, Thing, gold_thing, touched
from sync.client.goods_bringing import (
    BACK,
    EVERYTHING,
    Progress,
    Stage,
    StillToBring,
    Walk,
    at_first,
    joined,
    progress_of,
    walk_from,
)
from sync.client.goods_labels import label_changes
from sync.protocol.documents import Kind, VariantDocument
from sync.protocol.messages import Document

ONE, TWO, STYLE = (UUID(int=number) for number in (1, 2, 3))
TODAY = date(2026, 11, 22)


@dataclass(frozen=True)
class Batch:
    """An import that is remembered."""

    batch_id: UUID
    number: int
    kind: ImportKind


@dataclass
class Books:
    """As much of a transaction as a fact asks: which goods are here, of which style, brought by which import."""

    goods: dict[UUID, Variant] = field(default_factory=dict)
    batches: Sequence[Batch] = ()
    brought: Sequence[UUID] = ()

    @property
    def catalogue(self) -> "Books":
        """The goods."""
        return self

    @property
    def imports(self) -> "Books":
        """The imports."""
        return self

    def variant(self, variant_id: UUID) -> Variant | None:
        """Return goods."""
        return self.goods.get(variant_id)

    def variants_of(self, style: UUID) -> list[Variant]:
        """Return the goods of a style."""
        return [variant for variant in self.goods.values() if variant.style_id == style]

    def was_brought(self, thing: UUID, _since: int) -> bool:
        """Whether an import brought it."""
        return thing in self.brought

    def latest(self, _limit: int) -> Sequence[Batch]:
        """Return the imports."""
        return self.batches


def variant(number: UUID, **more: object) -> Variant:
    """Return goods."""
    values: dict[str, object] = {
        "variant_id": VariantId(number),
        "style_id": StyleId(STYLE),
        "code": f"C{number.int}",
        "name": "糖",
        "unit": None,
        "category": None,
        "kind": LineKind.GOODS,
        "retail": Amount(999),
        "tax_code": "13",
        "tax_rate": None,
    }
    return Variant(**{**values, **more})  # type: ignore[arg-type]


def entry(fact: msgspec.Struct, seq: int = 1) -> JournalEntry:
    """Return a fact as it stands in a journal."""
    kind, version = codec.name_of(fact)
    envelope = Envelope(
        format=FORMAT,
        till=TillId(UUID(int=9)),
        epoch=1,
        seq=seq,
        fact=FactId(UUID(int=8)),
        kind=kind,
        version=version,
        at=datetime(2026, 11, 22, tzinfo=UTC),
        hlc=Hlc(700 + seq),
        staff=None,
        content=codec.encode_content(fact),
    )
    return JournalEntry(
        epoch=1,
        seq=seq,
        body=encode(envelope),
        hash=b"",
        fact=envelope.fact.bytes,
        kind=kind,
        version=version,
        happened_at_ms=0,
        hlc=envelope.hlc,
        staff=None,
        kept_under=(1, seq),
    )


PIECE, SOMEBODY = Thing(Kind.PIECE, TWO.bytes), Thing(Kind.STAFF, TWO.bytes)
GOODS_ONE, GOODS_TWO = Thing(Kind.VARIANT, ONE.bytes), Thing(Kind.VARIANT, TWO.bytes)
PRICES = PricesSet(
    list="member",
    prices=(
        PriceSet(variant=VariantId(TWO)),
        PriceSet(variant=VariantId(ONE)),
        PriceSet(variant=VariantId(TWO)),
    ),
)
STAFF = StaffSaved(staff=StaffId(TWO), code="1", role=Role.OWNER, active=True, name="")


@pytest.mark.parametrize(
    ("fact", "about"),
    [
        (GoodsSaved(variant=VariantId(ONE), changes={"name": '"x"'}), [GOODS_ONE]),
        (GoodsSaved(variant=VariantId(STYLE), changes={"style": '"x"'}), [GOODS_ONE, GOODS_TWO]),
        (GoodsSaved(variant=VariantId(UUID(int=5)), changes={}), []),
        (PieceSaved(piece=PieceId(TWO), variant=VariantId(ONE), changes={}), [PIECE]),
        (PRICES, [GOODS_TWO, GOODS_ONE]),
        (GoldPriceSet(fineness="999", day=TODAY, price=Amount(1)), [gold_thing("999", TODAY)]),
        (STAFF, [SOMEBODY]),
        (BadgeGiven(staff=StaffId(TWO), given=True), [SOMEBODY]),
        (SettingsChanged(changes={"cash_step": "10", "theme": '"dark"'}), [SETTINGS]),
        (SettingsChanged(changes={"theme": '"dark"', "shop_name": '"x"'}), []),
        (SignedIn(staff=StaffId(TWO)), []),
        (CatalogueImported(source="x", variants=1, barcodes=1, pieces=0), []),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_fact_is_about_what_it_changed_each_once(fact: msgspec.Struct, about: list[Thing]) -> None:
    books = Books({ONE: variant(ONE), TWO: variant(TWO)})
    assert list(touched(books, entry(fact))) == about  # type: ignore[arg-type]


def test_a_fact_of_a_newer_program_is_about_nothing_here() -> None:
    newer = replace(entry(GoodsSaved(variant=VariantId(ONE), changes={})), version=9)
    assert touched(Books({ONE: variant(ONE)}), newer) == ()  # type: ignore[arg-type]


def test_the_merchants_settings_are_settings_and_none_says_who_a_till_is() -> None:
    assert set(MERCHANT_FIELDS) <= set(Settings.__struct_fields__)
    own = {
        "shop_id",
        "till_id",
        "shop_name",
        "shop_code",
        "till_code",
        "language",
        "theme",
        "printer",
        "paper_mm",
    }
    assert own.isdisjoint(MERCHANT_FIELDS)


# -- brought along -------------------------------------------------------------------------------------------


@given(
    since=st.integers(-2, 1 << 40),
    hlc=st.integers(0, 1 << 62),
    stage=st.sampled_from(Stage),
    last=st.binary(max_size=40),
    silent=st.tuples(st.integers(0, 99), st.integers(0, 1 << 40)),
)
def test_progress_is_read_as_it_was_kept(
    since: int, hlc: int, stage: Stage, last: bytes, silent: tuple[int, int]
) -> None:
    for walk in (None, Walk(since, Hlc(hlc), stage, last)):
        progress = Progress(walk, silent)
        assert progress_of(progress.text()) == progress


def test_a_founding_till_brings_everything_and_a_joining_one_nothing_of_before() -> None:
    head = Head(2, 33, b"", Hlc(70))
    found, join = progress_of(at_first(EnrolWay.FOUND, head)), progress_of(at_first(EnrolWay.JOIN, head))
    assert found == Progress(Walk(EVERYTHING, Hlc(70), Stage.SETTINGS), (2, 33))
    assert join == Progress(None, (2, 33))


def test_an_import_brings_what_it_changed_and_one_taken_back_all_goods() -> None:
    batch = ImportId(UUID(int=55))
    books = Books(batches=[Batch(batch, 7, ImportKind.PIECES)])

    def walk(fact: msgspec.Struct) -> Walk | None:
        return walk_from(books, entry(fact))  # type: ignore[arg-type]

    def published(kind: str) -> ImportPublished:
        return ImportPublished(batch=batch, kind=kind, sha256="", new=1, changed=1, refused=0)

    assert walk(published("pieces")) == Walk(7, Hlc(701), Stage.VARIANT)
    assert walk(published("members")) is None and walk(published("balances")) is None
    assert walk(ImportWithdrawn(batch=batch, published=True)) == Walk(BACK, Hlc(0), Stage.VARIANT)
    assert walk(ImportWithdrawn(batch=batch, published=False)) is None, "nobody ever heard of it"
    assert walk(CatalogueImported(source="x", variants=1, barcodes=1, pieces=0)) == Walk(
        0, Hlc(701), Stage.VARIANT
    )
    assert walk(SignedIn(staff=StaffId(ONE))) is None


def test_two_imports_are_brought_along_in_one_walk_from_the_first_of_them() -> None:
    half = Walk(7, Hlc(5), Stage.PIECE, b"x")
    assert joined(half, None) is half and joined(None, None) is None
    assert joined(half, Walk(9, Hlc(6), Stage.VARIANT)) == Walk(7, Hlc(6), Stage.VARIANT)
    assert joined(Walk(EVERYTHING, Hlc(5), Stage.PIECE), half) == Walk(EVERYTHING, Hlc(5), Stage.SETTINGS)


@pytest.mark.parametrize(
    ("walk", "kind", "waits"),
    [
        (None, Kind.VARIANT, False),
        (Walk(EVERYTHING, Hlc(1), Stage.STAFF), Kind.SETTINGS, False),
        (Walk(EVERYTHING, Hlc(1), Stage.STAFF), Kind.VARIANT, True),
        (Walk(EVERYTHING, Hlc(1), Stage.VARIANT, ONE.bytes), Kind.VARIANT, True),
        (Walk(EVERYTHING, Hlc(1), Stage.VARIANT, TWO.bytes), Kind.VARIANT, False),
        (Walk(BACK, Hlc(1), Stage.VARIANT), Kind.VARIANT, False),
        (Walk(7, Hlc(1), Stage.VARIANT), Kind.STAFF, False),
        (Walk(7, Hlc(1), Stage.VARIANT), Kind.VARIANT, True),
        (Walk(7, Hlc(1), Stage.PIECE), Kind.VARIANT, False),
    ],
)
def test_what_is_still_to_be_brought_along_waits(walk: Walk | None, kind: Kind, waits: bool) -> None:
    document = Document(kind.value, TWO.bytes, 5, False, 1, b"")
    assert StillToBring(walk).holds(Books(brought=[TWO]), document) is waits  # type: ignore[arg-type]
    if walk is not None and walk.since > 0:
        assert not StillToBring(walk).holds(Books(), document), "no import brought it"  # type: ignore[arg-type]


# -- labels --------------------------------------------------------------------------------------------------


def document(
    price: int = 999, rows: Sequence[PriceRow] = (), code_price: int | None = None
) -> VariantDocument:
    """Return goods with prices."""
    code = Barcode(
        code="690", variant_id=VariantId(ONE), price=None if code_price is None else Amount(code_price)
    )
    return VariantDocument(
        variant=variant(ONE, retail=Amount(price)),
        style=Style(style_id=StyleId(STYLE), code="", name=""),
        barcodes=(code,),
        prices=tuple(rows),
    )


def row(price: int, number: int = 1, **more: object) -> PriceRow:
    """Return a price on the members' list for a day."""
    values: dict[str, object] = {
        "price_id": PriceId(UUID(int=number)),
        "variant_id": VariantId(ONE),
        "list": "member",
        "price": Amount(price),
        "valid_from": TODAY,
        "valid_to": TODAY,
    }
    return PriceRow(**{**values, **more})  # type: ignore[arg-type]


def told(before: VariantDocument, after: VariantDocument) -> list[tuple[object, ...]]:
    """Return the labels that are to be printed."""
    return [(c.list, c.barcode, c.before, c.after, c.valid_from) for c in label_changes(before, after)[0]]


def test_goods_that_cost_the_same_ask_for_no_label() -> None:
    assert label_changes(document(rows=[row(5)]), document(rows=[row(5, number=2)])) == ([], [])


def test_another_price_asks_for_a_label_and_so_does_the_end_of_its_days() -> None:
    next_day = date(2026, 11, 23)
    assert told(document(), document(888)) == [("retail", None, 999, 888, None)]
    assert told(document(code_price=1), document(code_price=2)) == [("retail", "690", 1, 2, None)]
    assert told(document(), document(rows=[row(5)])) == [
        ("member", None, None, 5, TODAY),
        ("member", None, 5, 999, next_day),
    ]
    assert told(document(rows=[row(5)]), document()) == [("member", None, 5, None, TODAY)]
    over = label_changes(document(rows=[row(5)]), document(rows=[row(4)]))[1]
    assert [(c.before, c.valid_from) for c in over] == [(5, next_day)], "what was noted for the old price"
