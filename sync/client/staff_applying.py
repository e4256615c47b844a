"""People and settings of the merchant that come in from the platform, written into this till's own tables.

Decides who gives way when two people have one sign-in code, and that what a till cannot work with is left alone. Nobody
is signed out by it: who is at the till stays until she leaves, and signs in by the merchant's PIN the next time.
"""

from dataclasses import replace
from uuid import UUID

import msgspec

from pos_app.domain.errors import InvalidValueError
from pos_app.domain.settings import with_merchants
from pos_app.domain.staff import Staff
from pos_app.domain.values.ids import StaffId
from pos_app.services.ports.people import StaffRecord
from pos_app.services.ports.store import Tx
from sync.client.goods_bringing import is_still_to_bring
from sync.protocol.documents import Kind, SettingsDocument, StaffDocument
from sync.protocol.messages import Document

_people = msgspec.json.Decoder(StaffDocument)
_settings = msgspec.json.Decoder(SettingsDocument)


def apply_staff(tx: Tx, document: Document) -> bytes | None:
    """Write a person with her PIN and badge; one who is gone no longer works here, as people are never deleted.

    Who has the same sign-in code gives way. At a till that joined she is the same person under the till's own id, and
    stays only as a name for what she did before. The merchant's word holds, also about who is an owner.
    """
    if is_still_to_bring(tx, document):
        return None
    before = tx.staff.get(StaffId(UUID(bytes=document.id)))
    if document.gone:
        if before is not None and before.staff.active:
            tx.staff.save(replace(before, staff=replace(before.staff, active=False)))
        return None
    try:
        told = _people.decode(document.body)
    except msgspec.DecodeError:
        return document.body
    staff = Staff(told.staff, told.code, told.name, told.role, told.active)
    record = StaffRecord(staff=staff, pin_hash=told.pin_hash, badge=told.badge)
    if before is not None and before.pin_hash == told.pin_hash:
        # Wrong tries at this till are this till's own.
        record = replace(record, wrong_tries=before.wrong_tries, locked_until=before.locked_until)
    if record != before:
        _give_way(tx, record)
        tx.staff.save(record)
    return None


def _give_way(tx: Tx, record: StaffRecord) -> None:
    """Take the code and the badge of a person from whoever else has them."""
    mine = record.staff.staff_id
    same_badge = tx.staff.by_badge(record.badge) if record.badge is not None else None
    if same_badge is not None and same_badge.staff.staff_id != mine:
        tx.staff.save(replace(same_badge, badge=None))
    other = tx.staff.by_code(record.staff.code)
    if other is None or other.staff.staff_id == mine:
        return
    staff = replace(other.staff, code=_free_code(tx, other.staff.code))
    if tx.documents.position(Kind.STAFF.value, staff.staff_id.bytes) is None:
        staff, other = replace(staff, active=False), replace(other, badge=None)
    tx.staff.save(replace(other, staff=staff))


def _free_code(tx: Tx, code: str) -> str:
    number = 1
    while tx.staff.by_code(f"{code}~{number}") is not None:
        number += 1
    return f"{code}~{number}"


def apply_settings(tx: Tx, document: Document) -> bytes | None:
    """Write the merchant's fields; settings that this till could not work with, or of another currency, stay out.

    A till that runs takes them in by `SettingsService.look_again`.
    """
    if document.gone or is_still_to_bring(tx, document):
        return None
    here = tx.settings.load()
    try:
        told = _settings.decode(document.body)
        settings = with_merchants(here, told.values) if here is not None else None
    except (msgspec.DecodeError, InvalidValueError):
        return document.body
    if settings is not None and settings != here:
        tx.settings.save(settings)
    return None
