"""Text and formats."""
