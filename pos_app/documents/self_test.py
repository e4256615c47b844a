"""The printer's self-test page: shows on paper what a receipt needs.

Decides what is tried: both edges, every size, rare characters and one the font lacks, both codes, the cut.
"""

from pos_app.documents.letterhead import Letterhead, heading
from pos_app.documents.page import (
    Align,
    Block,
    Cell,
    Code,
    Codes,
    Grid,
    Page,
    Paper,
    Row,
    Rule,
    Size,
    Stroke,
    Symbology,
    Text,
)
from pos_app.domain.values.money import Amount
from pos_app.words import speaking, translate

RARE = "镕 祎 赟 喆 堃 婳 垚 䶮 㛃 𠮷"
"""Names that cheap printers lose; the last one is not in the bundled font and shows as its code point."""
PAYLOAD = "SHUKE-1234567890"


def self_test_page(head: Letterhead, paper: Paper, connection: str) -> Page:
    """Build the page; `connection` is the device setting, printed so that a photo of the paper tells it."""
    with speaking(head.spoken):
        title = translate("documents.test.title")
        edges = Grid(((Cell("|"), Cell("|", align=Align.RIGHT)),), bold=True)
        blocks: list[Block] = [
            *heading(head, title),
            Rule(),
            Row(translate("documents.test.paper"), f"{paper.width_mm} mm · {paper.dots}"),
            Text(connection, Size.SMALL),
            Rule(),
            edges,
            Text(translate("documents.test.edges"), Size.SMALL),
            Text(translate("documents.test.characters"), Size.SMALL),
            Text(RARE),
            Row("Aa 0123456789", head.money(Amount(-129_900)), Size.LARGE, bold=True),
            Rule(Stroke.SOLID),
            Codes((Code(Symbology.QR, PAYLOAD), Code(Symbology.CODE128, PAYLOAD))),
            Text(translate("documents.test.scan", payload=PAYLOAD), Size.SMALL, align=Align.CENTRE),
            Rule(Stroke.SOLID),
            Text(translate("documents.test.end"), align=Align.CENTRE),
        ]
        return Page(tuple(blocks), title=title, language=head.spoken)
