"""Sell and Pay, held carts and returns."""
