"""Which fact is which kind, at which version, and how its content is read.

Decides the names on the wire; they never change. A later version of a kind adds an up-caster here, so that old
bytes always read as the newest class.
"""

import msgspec

from pos_app.domain.facts import catalogue, imports, invoices, members, payments, sales, shop, sync

KINDS: dict[str, tuple[type[msgspec.Struct], int]] = {
    "sale.committed": (sales.SaleCommitted, 1),
    "cart.line_removed": (sales.CartLineRemoved, 1),
    "cart.line_restored": (sales.CartLineRestored, 1),
    "cart.cancelled": (sales.CartCancelled, 1),
    "cart.held": (sales.CartHeld, 1),
    "cart.recalled": (sales.CartRecalled, 1),
    "price.changed": (sales.PriceChanged, 1),
    "receipt.reprinted": (sales.ReceiptReprinted, 1),
    "shift.opened": (shop.ShiftOpened, 1),
    "shift.closed": (shop.ShiftClosed, 1),
    "cash.moved": (shop.CashMoved, 1),
    "drawer.opened": (shop.DrawerOpened, 1),
    "staff.saved": (shop.StaffSaved, 1),
    "staff.badge_given": (shop.BadgeGiven, 1),
    "staff.signed_in": (shop.SignedIn, 1),
    "staff.signed_out": (shop.SignedOut, 1),
    "staff.sign_in_refused": (shop.SignInRefused, 1),
    "approval.given": (shop.ApprovalGiven, 1),
    "shop.founded": (shop.ShopFounded, 1),
    "settings.changed": (shop.SettingsChanged, 1),
    "catalogue.imported": (shop.CatalogueImported, 1),
    "gold_price.set": (shop.GoldPriceSet, 1),
    "till.key_changed": (shop.KeyChanged, 1),
    "epoch.opened": (shop.EpochOpened, 1),
    "member.registered": (members.MemberRegistered, 1),
    "member.edited": (members.MemberEdited, 1),
    "member.consent_changed": (members.ConsentChanged, 1),
    "member.erased": (members.MemberErased, 1),
    "member.revealed": (members.MemberRevealed, 1),
    "member.exported": (members.MemberExported, 1),
    "members.exported": (members.MembersExported, 1),
    "card.issued": (members.CardIssued, 1),
    "card.replaced": (members.CardReplaced, 1),
    "card.printed": (members.CardsPrinted, 1),
    "goods.saved": (catalogue.GoodsSaved, 1),
    "piece.saved": (catalogue.PieceSaved, 1),
    "prices.set": (catalogue.PricesSet, 1),
    "import.members_staged": (imports.MembersStaged, 1),
    "import.balances_staged": (imports.BalancesStaged, 1),
    "import.published": (imports.ImportPublished, 1),
    "import.withdrawn": (imports.ImportWithdrawn, 1),
    "member.merged": (members.MembersMerged, 1),
    "member.unmerged": (members.MembersUnmerged, 1),
    "desk.decided": (sync.DeskDecided, 1),
    "payment.started": (payments.PaymentStarted, 1),
    "payment.answered": (payments.PaymentAnswered, 1),
    "invoice.asked": (invoices.InvoiceAsked, 1),
    "invoice.changed": (invoices.InvoiceChanged, 1),
    "receipt.sent": (sales.ReceiptSent, 1),
}

_NAMES = {fact: (kind, version) for kind, (fact, version) in KINDS.items()}
_DECODERS: dict[str, msgspec.json.Decoder[msgspec.Struct]] = {}
_encoder = msgspec.json.Encoder()


class UnknownFactError(Exception):
    """A kind or version that this program does not know: it is parked, not refused."""


def name_of(fact: msgspec.Struct) -> tuple[str, int]:
    """Return the kind and version a fact is written as."""
    return _NAMES[type(fact)]


def encode_content(fact: msgspec.Struct) -> msgspec.Raw:
    """Return the JSON of a fact's content; fields at their default are left out.

    msgspec leaves a default out by identity, so defaults of facts are only None, True, False, zero, empty tuples and
    members of an enum, of which Python holds one each; and a default once written can never change.
    """
    return msgspec.Raw(_encoder.encode(fact))


def decode_content(kind: str, version: int, content: bytes) -> msgspec.Struct:
    """Read a fact's content as the newest class of its kind.

    Raises UnknownFactError for a kind or version from a newer program, msgspec.ValidationError for damaged content.
    """
    known = KINDS.get(kind)
    if known is None or not 1 <= version <= known[1]:
        raise UnknownFactError(f"{kind} version {version}")
    decoder = _DECODERS.get(kind)
    if decoder is None:
        decoder = _DECODERS[kind] = msgspec.json.Decoder(known[0])
    return decoder.decode(content)
