"""The letter that a receipt goes out with: a few plain lines; the receipt itself is the PDF beside them.

Decides its words, in the language of the shop's papers, and what the file is called. Nothing in subject or name of the
file is about the customer.
"""

from dataclasses import dataclass

from pos_app.documents.glyphs import drawable
from pos_app.documents.letterhead import Letterhead
from pos_app.documents.receipt import footer_words
from pos_app.domain.sales.sale import Sale
from pos_app.domain.values.money import Amount
from pos_app.words import speaking, translate


@dataclass(frozen=True, slots=True)
class LetterWords:
    """What a letter says."""

    subject: str
    text: str
    sender: str
    file: str


def letter_words(sale: Sale, head: Letterhead) -> LetterWords:
    """Return the words of a receipt's letter."""
    shop = drawable(head.settings.shop_name)
    with speaking(head.spoken):
        title = translate(f"documents.receipt.title.{sale.kind.value}")
        lines = [
            translate("documents.letter.greeting"),
            "",
            translate("documents.letter.enclosed", title=title, shop=shop),
            "",
            f"{translate('documents.receipt.number')}: {sale.number}",
            f"{translate('documents.receipt.time')}: {head.moment(sale.committed_at)}",
            translate("documents.letter.total", amount=head.money(Amount(sale.total))),
            "",
            *footer_words(head).splitlines(),
            "",
            shop,
            *(drawable(line) for line in (head.settings.address, head.settings.phone) if line),
        ]
        subject = translate("documents.letter.subject", title=title, shop=shop, number=sale.number)
    return LetterWords(subject, "\n".join(lines) + "\n", shop, f"{sale.number}.pdf")
