"""Tests of domain.payments."""
