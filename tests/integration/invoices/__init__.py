"""Tests of requests for invoices on real books."""
