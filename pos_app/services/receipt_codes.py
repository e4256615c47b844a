"""The signed code on a receipt: made when it is printed, and believed or refused when it is scanned, with no network.

Decides which keys this till knows: its own, the earlier ones among them, from its journal, and those of the merchant's
other tills as the platform sent them. The form of the text and the reasons stand in `domain.receipt_codes`.
"""

from dataclasses import dataclass

import msgspec

from pos_app.domain.facts import codec
from pos_app.domain.facts.envelope import decode
from pos_app.domain.facts.shop import KeyChanged, ShopFounded
from pos_app.domain.receipt_codes import (
    Genuine,
    KeySince,
    TillKeys,
    began_with,
    code_of,
    compare,
    judge,
    message_of,
    read,
    text_of,
    went_on_with,
)
from pos_app.domain.sales.sale import Sale
from pos_app.services.acting import CurrentSettings
from pos_app.services.ports.clock import Signer, Verifier
from pos_app.services.ports.journal import SignedHead
from pos_app.services.ports.store import Store, Tx
from pos_app.services.ports.syncing import TILL
from pos_app.services.recording import Recorder
from pos_app.services.shifts import known_key, signed_text


class _Told(msgspec.Struct, frozen=True, kw_only=True):
    """What is read of the document of a till."""

    till: TillKeys


_tills = msgspec.json.Decoder(_Told)


@dataclass(frozen=True, slots=True)
class CheckedReceipt:
    """A receipt that is genuine; `is_here` says whether its sale stands in this till's books, or was fetched there."""

    genuine: Genuine
    is_here: bool


def receipt_code(sale: Sale, signer: Signer) -> str:
    """Return the signed text for a sale's QR code; the same sale and key give the same text for ever.

    Raises OverflowError for a sale that a clock dated before 1970.
    """
    code = code_of(sale, signer.public_key())
    return text_of(code, signer.sign(message_of(code)))


class ReceiptCodes:
    """Use cases of the signed code."""

    def __init__(
        self, store: Store, recorder: Recorder, signer: Signer, verifier: Verifier, settings: CurrentSettings
    ) -> None:
        self._store = store
        self._recorder = recorder
        self._signer = signer
        self._verifier = verifier
        self._settings = settings
        self._told = b""

    def code(self, sale: Sale) -> str | None:
        """Return the signed text for a sale; None where it cannot be signed, for a receipt is printed all the same.

        On any lane; a key that nobody was told of yet is recorded first.
        """
        try:
            self._tell_key()
            return receipt_code(sale, self._signer)
        except (OSError, ValueError, OverflowError):
            # The key file cannot be read, or the sale is from before 1970; `shuke doctor` says which.
            return None

    def _tell_key(self) -> None:
        """Record the key that this till signs with, unless the journal says so already."""
        public = self._signer.public_key()
        if self._told == public:
            return
        with self._store.read() as tx:
            is_known = known_key(tx) == public.hex()
        if not is_known:
            with self._store.write() as tx:
                known = known_key(tx)
                # A letter and a job of the printer are made on two lanes: the other may have told it by now.
                if known != public.hex():
                    self._record_key(tx, known, public)
        self._told = public

    def _record_key(self, tx: Tx, known: str, public: bytes) -> None:
        self._recorder.record(tx, KeyChanged(previous=known, public_key=public.hex()), None)
        head = tx.journal.head()
        # Signed as a Z signs its head: where the keys change is found without reading the whole journal.
        tx.journal.save_signed_head(
            SignedHead(
                epoch=head.epoch,
                seq=head.seq,
                hash=head.hash,
                signature=self._signer.sign(signed_text(head)),
                public_key=public,
            )
        )

    def check(self, scanned: str) -> CheckedReceipt:
        """Return whose a scanned code is; raise the ReceiptCodeError that says why it is not believed.

        A sale that is in the books here is compared with them.
        """
        code, _signature = read(scanned)
        with self._store.read() as tx:
            tills = self._known(tx)
            elsewhere = tx.sales.elsewhere(code.sale_id)
            sale = tx.sales.get(code.sale_id) or (elsewhere.sale if elsewhere is not None else None)
        genuine = judge(scanned, tills, self._verifier.verify)
        if sale is not None:
            compare(genuine.code, sale)
        return CheckedReceipt(genuine, is_here=sale is not None)

    def _known(self, tx: Tx) -> list[TillKeys]:
        """Return the tills whose keys are known here: this one as its own journal says, the others as was sent."""
        settings = self._settings.value
        own = TillKeys(
            till=settings.till_id,
            code=settings.till_code,
            shop=settings.shop_id,
            shop_code=settings.shop_code,
            shop_name=settings.shop_name,
            keys=_own_keys(tx),
        )
        others = (_told(body) for till, body in tx.documents.all(TILL) if till != own.till.bytes)
        return [own, *(till for till in others if till is not None)]


def _told(body: bytes) -> TillKeys | None:
    """Read the document of a till; one of a newer version is not known until this till is as new."""
    try:
        return _tills.decode(body).till
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


def _own_keys(tx: Tx) -> tuple[KeySince, ...]:
    """Return the keys that this till has signed with: the one it was founded with, and each that took over."""
    keys: tuple[KeySince, ...] = ()
    for entry in tx.journal.entries(limit=1):
        envelope = decode(entry.body)
        founded = codec.decode_content(envelope.kind, envelope.version, bytes(envelope.content))
        if isinstance(founded, ShopFounded):
            keys = began_with(keys, bytes.fromhex(founded.public_key), entry.happened_at_ms)
    for head in tx.journal.signed_heads():
        if not keys or keys[-1].key != head.public_key:
            told = tx.journal.entry(head.epoch, head.seq)
            keys = went_on_with(keys, head.public_key, 0 if told is None else told.happened_at_ms)
    return keys
