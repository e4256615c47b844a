"""What most services reach, as one value: the books, the recorder of facts, sealing, settings, time and ids.

Decides nothing; it keeps constructors short.
"""

from dataclasses import dataclass

from pos_app.services.acting import CurrentSettings
from pos_app.services.ports.clock import Clock, Ids
from pos_app.services.ports.store import Store
from pos_app.services.recording import Recorder
from pos_app.services.sealing import Sealer


@dataclass(frozen=True, slots=True, kw_only=True)
class Workplace:
    """Where a service works."""

    store: Store
    recorder: Recorder
    sealer: Sealer
    settings: CurrentSettings
    clock: Clock
    ids: Ids
