"""Tests of what an invoice is asked with."""
