"""The page of imports without its window."""
