"""Alembic migrations, run from code before a window opens."""
