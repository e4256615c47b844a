"""Taking goods back: history, part quantities, preview, void."""
