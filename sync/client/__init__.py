"""The till's end: engine, HTTP and runner."""
