"""Tests of ui.staff."""
