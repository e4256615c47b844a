"""The only place that knows SQLAlchemy: rows, mapping, repositories, journal, migrations."""
