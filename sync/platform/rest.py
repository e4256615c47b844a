"""What head office and other programs say and hear over REST, in JSON: members, tills, codes.

Decides the shapes, their limits and how what does not fit is refused: INVALID with the name of the field. Fields that
an edit leaves out stay as they are. Times are milliseconds since 1970, UTC, where a name ends in `_ms`.
"""

import re
from datetime import date
from typing import Annotated, Protocol, TypeVar
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from pos_app.domain.anniversaries import MonthDay
from pos_app.domain.members import Child, ImportantDate, KeyKind, Member, MemberKey, Purpose
from pos_app.domain.records import Change, MemberRecord
from pos_app.domain.values import phone as phones
from pos_app.domain.values.ids import MemberId, ShopId
from sync.platform.staff import Staff
from sync.protocol.errors import Number, PlatformError

T = TypeVar("T")
MOST_KEY = 200
_PLACE = re.compile(r" - at `\$\.?(?P<path>[^`]*)`")
_NAMED = re.compile(r"field `(?P<name>[^`]{1,60})`")
_NUL = b"\\u0000"
"""Neither database keeps this character in a text."""

Name = Annotated[str, Meta(max_length=100)]
Line = Annotated[str, Meta(max_length=500)]
Notes = Annotated[str, Meta(max_length=5_000)]
Day = Annotated[date, Meta(description="a day as 2026-11-28")]


class Search(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whom a text finds: a phone, a card, a name. A body and no query string, since those end up in logs of proxies."""

    text: Annotated[str, Meta(min_length=1, max_length=100)]
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class MemberFields(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Fields of a member that are written; what is left out stays as it is, null empties."""

    name: Name | UnsetType | None = UNSET
    gender: Name | UnsetType | None = UNSET
    birthday: Day | UnsetType | None = UNSET
    birthday_lunar: bool | UnsetType = UNSET
    birthday_day: MonthDay | UnsetType | None = UNSET
    occupation: Name | UnsetType | None = UNSET
    interests: Annotated[tuple[Name, ...], Meta(max_length=50)] | UnsetType = UNSET
    character: Line | UnsetType | None = UNSET
    important_dates: Annotated[tuple[ImportantDate, ...], Meta(max_length=50)] | UnsetType = UNSET
    origin: Name | UnsetType | None = UNSET
    address: Line | UnsetType | None = UNSET
    notes: Notes | UnsetType | None = UNSET
    keys: Annotated[tuple[MemberKey, ...], Meta(max_length=20)] | UnsetType = UNSET
    children: Annotated[tuple[Child, ...], Meta(max_length=20)] | UnsetType = UNSET


class ConsentGiven(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A yes or a no to one purpose, with the version of the text that was shown or read."""

    purpose: Purpose
    given: bool
    text_version: Name
    how: Name
    channel: Name | None = None


class Register(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A sign-up; `member` is an id made by the asking end, so that asking again signs nobody up twice."""

    member: MemberId
    shop: ShopId
    fields: MemberFields
    consents: Annotated[tuple[ConsentGiven, ...], Meta(min_length=1, max_length=20)]


class MemberShown(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A member as all shops know her; `position` is the version to name in If-Match when she is edited."""

    member: Member
    record: MemberRecord
    position: int


class MembersFound(msgspec.Struct, frozen=True, kw_only=True):
    """Who was found; `more` says that the limit cut it off."""

    members: tuple[MemberShown, ...]
    more: bool


class MergeAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Two records that are one person's; `kept` is the id that stays in front."""

    kept: MemberId
    other: MemberId


class MergePreview(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Both as they stand, and the one that would come out; `refused` says why not, "" when it may be done."""

    kept: MemberShown
    other: MemberShown
    merged: Member | None = None
    refused: str = ""


class MemberHistory(msgspec.Struct, frozen=True, kw_only=True):
    """Who changed what, where and when, the latest first; names of fields, never values."""

    changes: tuple[Change, ...]


class OnlineMembers(Protocol):
    """Members for head office: each use case is one transaction; raises `errors.PlatformError`.

    NOT_FOUND for a member of another merchant as for none at all, CHANGED_MEANWHILE when `position` is not the
    record's, EXISTS when a key is somebody's, MERGE_REFUSED with a `reason`, INVALID with a `field`.
    """

    def search(self, staff: Staff, asked: Search) -> MembersFound:
        """Return whom a text finds."""
        ...

    def read(self, staff: Staff, member: MemberId) -> MemberShown:
        """Return a member; one that was merged into another is shown as that other."""
        ...

    def register(self, staff: Staff, asked: Register) -> MemberShown:
        """Sign a member up; the same id again with the same fields is the same sign-up."""
        ...

    def edit(self, staff: Staff, member: MemberId, position: int, fields: MemberFields) -> MemberShown:
        """Write fields of the member as she stands at a position."""
        ...

    def preview(self, staff: Staff, asked: MergeAsked) -> MergePreview:
        """Return what a merge would make of two records; nothing is written."""
        ...

    def merge(self, staff: Staff, asked: MergeAsked) -> MemberShown:
        """Make two records one, by an alias."""
        ...

    def unmerge(self, staff: Staff, member: MemberId) -> MembersFound:
        """Take the latest merge of a member back, and return both."""
        ...

    def history(self, staff: Staff, member: MemberId) -> MemberHistory:
        """Return who changed what of a member."""
        ...


class TillShown(msgspec.Struct, frozen=True, kw_only=True):
    """A till: `waiting` facts when it last asked, `behind` documents of the feed, how far its journal is accepted.

    `behind` counts up to 10,000 documents, each once however often it changed.
    `dead_asked_by` names the token that declared it dead first, while a second person may still agree.
    """

    till: UUID
    code: str
    shop: UUID
    shop_code: str
    state: str
    version: str
    enrolled_at_ms: int
    seen_at_ms: int
    skew_ms: int
    waiting: int
    behind: int
    epoch: int
    seq: int
    dead_asked_by: str = ""


class TillsShown(msgspec.Struct, frozen=True, kw_only=True):
    """The tills of a merchant."""

    tills: tuple[TillShown, ...]


class CodeAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A one-time code is wanted; `shop` binds it to a shop that is there already."""

    shop: ShopId | None = None


class CodeMade(msgspec.Struct, frozen=True, kw_only=True):
    """A one-time code, told once."""

    code: str
    expires_at_ms: int


class CodeShown(msgspec.Struct, frozen=True, kw_only=True):
    """A code that nobody used yet; what it is stands nowhere. `tries` are wrong uses of it."""

    shop: UUID | None
    expires_at_ms: int
    tries: int


class CodesShown(msgspec.Struct, frozen=True, kw_only=True):
    """The codes that may still be used."""

    codes: tuple[CodeShown, ...]


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """How the platform is: "ok", "database" when that does not answer, "stopping"."""

    status: str


def read_json(body: bytes | bytearray, kind: type[T]) -> T:
    """Read a JSON body; raise PlatformError INVALID with the name of the field that does not fit."""
    if _NUL in body:
        raise PlatformError(Number.INVALID, field="body", reason="nul")
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as error:
        raise PlatformError(Number.INVALID, field=_field_of(str(error))) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise PlatformError(Number.INVALID, field="body") from None


def in_form(fields: MemberFields, where: str = "") -> MemberFields:
    """Return fields with phones in E.164; raise PlatformError INVALID that names the key which is empty or no phone."""
    if fields.keys is UNSET:
        return fields
    keys = tuple(_key_in_form(key, f"{where}keys[{place}].value") for place, key in enumerate(fields.keys))
    return msgspec.structs.replace(fields, keys=keys)


def _key_in_form(key: MemberKey, field: str) -> MemberKey:
    value = key.value.strip()
    if not value or len(value) > MOST_KEY:
        raise PlatformError(Number.INVALID, field=field)
    if key.kind is not KeyKind.PHONE:
        return msgspec.structs.replace(key, value=value)
    try:
        return msgspec.structs.replace(key, value=phones.normalise(value))
    except phones.PhoneError:
        raise PlatformError(Number.INVALID, field=field) from None


def _field_of(message: str) -> str:
    """Return the path of the field that msgspec complains of, such as "fields.keys[0].kind"."""
    place, named = _PLACE.search(message), _NAMED.search(message)
    parts = (place["path"] if place else "", named["name"] if named else "")
    return ".".join(part for part in parts if part) or "body"
