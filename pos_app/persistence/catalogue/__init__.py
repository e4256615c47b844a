"""Goods in SQLite: rows in versions, look-up and search, prices and gold, pictures, changes of many.

Decides what the rest of persistence sees of them.
"""

from pos_app.persistence.catalogue.repository import SqlCatalogue
from pos_app.persistence.catalogue.rows import (
    BarcodeRow,
    PieceRow,
    PriceRowRow,
    ProductKeyRow,
    ScaleItemRow,
    StyleRow,
    VariantRow,
)

__all__ = [
    "BarcodeRow",
    "PieceRow",
    "PriceRowRow",
    "ProductKeyRow",
    "ScaleItemRow",
    "SqlCatalogue",
    "StyleRow",
    "VariantRow",
]
