"""The labels page in the real window."""
