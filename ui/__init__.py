"""The only place that knows Qt, and the command line."""
