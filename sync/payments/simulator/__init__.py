"""WeChat Pay and Alipay played over HTTP on this computer, for tests and the demo: no money, real signatures.

It speaks what `sync.payments` has to understand, in the same words as the wallets, and keeps customers with balances,
codes, trades and a statement of all it moved in SQLite, so that it can be killed at any moment. Where the documents
leave something open, it plays the worse: who reverses an order that never came is told yes, and the order is taken
when it comes.
"""
