"""Whole customers at a whole till: the real services and runner against the played wallets, with faults of a seed.

`python -m tests.payments --runs 2000 --seed 1` runs them; what has to hold afterwards stands in `checks`.
"""
