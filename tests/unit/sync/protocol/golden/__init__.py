"""The bytes of each message as they were when it was made."""
