"""Messages, codec, versions and errors shared by both ends; pure."""
