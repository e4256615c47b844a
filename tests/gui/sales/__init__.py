"""The sell page driven by keys."""
