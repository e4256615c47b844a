"""Returns: history, return by receipt, void, reprint."""
