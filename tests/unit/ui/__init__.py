"""The frame of the till."""
