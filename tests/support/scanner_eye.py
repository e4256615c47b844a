"""What a scanner sees of a document: pages as pictures, a little out of focus, and the codes on them."""

import io

import pypdfium2
import zxingcpp
from PIL import Image, ImageFilter

from pos_app.documents.dots import Raster


def pdf_pages(content: bytes, dpi: int = 200) -> list[Image.Image]:
    """Return every page of a PDF in colour."""
    document = pypdfium2.PdfDocument(content)
    try:
        return [page.render(scale=dpi / 72).to_pil().convert("RGB") for page in document]
    finally:
        document.close()


def pdf_text(content: bytes) -> list[str]:
    """Return the text of every page."""
    document = pypdfium2.PdfDocument(content)
    try:
        return [str(page.get_textpage().get_text_range()) for page in document]
    finally:
        document.close()


def picture(raster: Raster) -> Image.Image:
    """Return dots as a grey picture."""
    return Image.open(io.BytesIO(raster.png())).convert("L")


def blurred(image: Image.Image) -> Image.Image:
    """Return a picture one pixel out of focus."""
    return image.convert("L").filter(ImageFilter.GaussianBlur(1))


def codes(image: Image.Image) -> list[tuple[str, str]]:
    """Return (family, text) of every code that zxing finds, sorted."""
    return sorted((str(found.format), found.text) for found in zxingcpp.read_barcodes(image))
