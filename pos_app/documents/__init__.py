"""Values made into pages: receipts, reports and labels, and their renderers."""
