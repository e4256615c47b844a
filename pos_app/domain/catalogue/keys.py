"""Under which keys goods are found, and how a question is asked of them.

Decides what of a variant is searched: its name from each word on, with pinyin and initials, its code from the start,
and the words of its attributes. Barcodes and certificates have indexes of their own.
"""

from pos_app.domain.catalogue.goods import Variant
from pos_app.domain.search import MAX_KEY, folded, name_keys

LEAST_CODE = 4
"""From how many signs on the beginning of a barcode or certificate is looked for."""
SEARCHED = ("colour", "size", "length", "stage", "spec", "brand")
"""The attributes whose words find goods; a supplier is not what a customer asks for."""


def goods_keys(variant: Variant) -> list[str]:
    """Return the search keys of a variant in order, each at most MAX_KEY long."""
    keys = name_keys(variant.name) | {folded(variant.code)[:MAX_KEY]}
    for name, value in variant.attributes:
        if name in SEARCHED:
            keys |= name_keys(value)
    keys.discard("")
    return sorted(keys)


def asked_key(text: str) -> str:
    """Return what a key of goods begins with when a text finds them; empty for a text that asks nothing."""
    return folded(text)[:MAX_KEY]
