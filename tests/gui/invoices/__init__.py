"""Invoices at the counter: asked in a few keys, listed, exported, answered."""
