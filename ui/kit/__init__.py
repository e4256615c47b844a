"""Reusable widgets with no feature knowledge."""
