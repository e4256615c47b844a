"""Decisions only: values, rules and facts; no clock, no I/O, no text for people."""
