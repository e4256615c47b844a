"""Wallets over real connections."""
