"""Tests of ui.payments."""
