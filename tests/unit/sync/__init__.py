"""Sync, without disk and network."""
