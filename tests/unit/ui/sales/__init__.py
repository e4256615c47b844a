"""The sell page's presenters, without Qt."""
