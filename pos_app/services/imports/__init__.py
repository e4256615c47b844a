"""Imports: a file of goods, pieces, members or balances is read, rehearsed, staged, published, and taken back.

`service` has the use cases; each kind of thing has a taker of its own; docs/decisions/0010 says how rows come to count.
"""
