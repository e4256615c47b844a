"""Text for people: messages by code, and formats of money, dates and numbers."""
