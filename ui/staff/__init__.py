"""Signing in and approving."""
