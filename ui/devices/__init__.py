"""Printers and their queue."""
