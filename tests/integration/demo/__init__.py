"""The demo shop in a real database."""
