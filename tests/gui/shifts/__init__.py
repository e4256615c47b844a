"""Tests of ui.shifts."""
