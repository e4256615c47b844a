"""Whole days of a till by chance: sales, voids, returns, drawer, shifts, hand-overs; held against books of its own.

Decides nothing of the product. `model` reckons what must be from what people did, `journal` from the facts alone, and
`checks` hold both, and the services' own sums, against each other after every step.
"""
