"""Imports: rows of a table turned into typed drafts, or refused with a reason; no file, no store, no clock."""
