"""Imports on the real store."""
