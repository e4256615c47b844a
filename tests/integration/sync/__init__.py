"""Sync on real databases."""
