"""I6: somebody who writes into a till's file below what the platform acknowledged is found, and so is a cut.

Each run ends with one such attempt on a copy of a till's disk.
"""

import sqlite3
from contextlib import closing

from pos_app.persistence.journal import position
from tests.simulation.promises import need
from tests.simulation.world import World
from tests.support.shop_on_disk import DATABASE, open_shop


def tamper(world: World) -> None:
    """Change or cut a fact of a till's journal that is acknowledged; its books must say so."""
    till = world.choice(world.living())
    folder = world.folder / "tampered"
    folder.mkdir()
    (folder / DATABASE).write_bytes(till.image())
    how = world.choice(("change", "swap", "cut"))
    with closing(sqlite3.connect(folder / DATABASE)) as file:
        link = till.link
        known = "SELECT position, body FROM journal WHERE position <= ? ORDER BY position"
        rows = file.execute(known, (position(link.epoch, link.seq),)).fetchall()
        at = world.number(len(rows) - 1)
        _write(file, how, rows, at)
        file.commit()
    copy = open_shop(folder, which=till.which)
    try:
        need(not copy.verify().passed, f"I6 nobody saw the {how} of a fact of till {till.which}")
    finally:
        copy.store.close()
    world.counts[f"tampered_{how}"] += 1


def _write(file: sqlite3.Connection, how: str, rows: list[tuple[int, bytes]], at: int) -> None:
    (place, body), (after, other) = rows[at], rows[at + 1]
    if how == "change":
        digit = next(n for n, byte in enumerate(body) if byte in b"12345678")
        changed = body[:digit] + bytes((body[digit] + 1,)) + body[digit + 1 :]
        file.execute("UPDATE journal SET body = ? WHERE position = ?", (changed, place))
    elif how == "swap":
        file.execute("UPDATE journal SET body = ? WHERE position = ?", (other, place))
        file.execute("UPDATE journal SET body = ? WHERE position = ?", (body, after))
    else:
        file.execute("DELETE FROM journal WHERE position > ?", (place,))
