"""The protocol between tills and the platform."""
