"""The platform, without disk and network."""
