"""Receipts as they must read: ``python -m tests.unit.documents.golden`` writes them anew after a wanted change."""

from pathlib import Path

from pos_app.documents.page import Page, Paper
from pos_app.documents.receipt import receipt_page
from pos_app.documents.renderers.text import render_text
from pos_app.documents.shift_daily import daily_report_page
from pos_app.documents.shift_report import ZPaper, x_report_page, z_report_page
from pos_app.domain.sales.cart import TaxMode
from tests.unit.documents import samples, shift_samples

FOLDER = Path(__file__).with_name("golden_files")


def pages(language: str) -> dict[str, Page]:
    """Return every golden page of a language by name."""
    head = samples.letterhead(language)
    return {
        "receipt_gold": receipt_page(samples.golden_sale(), head),
        "receipt_full": receipt_page(samples.full_sale(), head, samples.MEMBER),
        "receipt_tax_added": receipt_page(samples.full_sale(TaxMode.ADDED), head),
        "return_copy": receipt_page(samples.returned_sale(), head, samples.MEMBER, copy=2),
        "x_report": x_report_page(samples.shift(False), samples.totals(), head, samples.PAID_AT),
        "x_report_full": x_report_page(
            samples.shift(False), shift_samples.full_totals(), head, samples.PAID_AT
        ),
        "z_report": z_report_page(samples.shift(True), samples.closing(), head, samples.PAID_AT),
        "z_report_synced": z_report_page(
            samples.shift(True), samples.closing(), head, samples.PAID_AT, samples.synced_paper()
        ),
        "z_report_full": z_report_page(
            samples.shift(True), shift_samples.full_closing(), head, samples.PAID_AT, ZPaper(copy=1)
        ),
        "z_report_handed_over": z_report_page(
            samples.shift(True), shift_samples.handed_over(), head, samples.PAID_AT
        ),
        "daily": daily_report_page(shift_samples.day(), head, samples.PAID_AT),
    }


def rendered() -> dict[str, str]:
    """Return every golden file's name and content."""
    return {
        f"{name}.{language}.{paper.width_mm}.txt": render_text(page, paper)
        for language in ("zh_CN", "en")
        for name, page in pages(language).items()
        for paper in Paper
    }


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, content in rendered().items():
        (FOLDER / name).write_text(content, "utf-8", newline="\n")
