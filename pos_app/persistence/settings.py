"""The settings document in SQLite."""

import msgspec
from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert as upsert

from pos_app.domain.settings import Settings
from pos_app.persistence.prepared import Prepared
from pos_app.persistence.tables import SettingsRow

_decoder = msgspec.json.Decoder(Settings)
_LOAD = Prepared(select(SettingsRow.body))


class SqlSettings:
    """The settings of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def load(self) -> Settings | None:
        """Return the settings, None before the shop was founded."""
        body = _LOAD.run(self._connection).scalar_one_or_none()
        return None if body is None else _decoder.decode(body)

    def save(self, settings: Settings) -> None:
        """Write the settings."""
        body = msgspec.json.encode(settings)
        new = upsert(SettingsRow).values(id=1, body=body)
        self._connection.execute(
            new.on_conflict_do_update(index_elements=["id"], set_={"body": new.excluded.body})
        )
