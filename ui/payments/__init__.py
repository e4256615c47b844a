"""Payments by wallet: the runner that talks to wallets, and the page of the attempts."""
