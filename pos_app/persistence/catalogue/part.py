"""What every part of the goods of one transaction stands on.

Decides nothing: the connection, and which versions it must leave out.
"""

from functools import cached_property

from sqlalchemy import Connection

from pos_app.persistence.imports import Pending, pending


class Part:
    """A part of the goods of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @cached_property
    def _pending(self) -> Pending:
        return pending(self._connection)
