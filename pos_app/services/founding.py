"""The first run: a data folder becomes a shop's till.

Decides what is written when a shop is founded, and how settings change later.
"""

import msgspec

from pos_app.domain.errors import ExpectedError
from pos_app.domain.facts.shop import SettingsChanged, ShopFounded
from pos_app.domain.settings import LabelChoices, Settings, check_settings
from pos_app.domain.staff import Action, Role, Staff, check_pin_form, may
from pos_app.domain.values.ids import ShopId, StaffId, TillId
from pos_app.services.acting import Actor, CurrentSettings
from pos_app.services.ports.clock import Clock, Ids, PinHasher, Signer, StillWatch, Stopwatch, Verifier
from pos_app.services.ports.store import Store, Tx
from pos_app.services.recording import Recorder
from pos_app.services.sealing import Sealer
from pos_app.services.staff import StaffService
from pos_app.services.workplace import Workplace


class AlreadyFoundedError(ExpectedError):
    """This data folder is a shop's till already."""

    code = "settings.error.already_founded"


def new_settings(ids: Ids, shop_name: str) -> Settings:
    """Return settings of a new shop at their defaults."""
    return Settings(shop_id=ShopId(ids.new()), till_id=TillId(ids.new()), shop_name=shop_name)


def found_shop(
    store: Store, settings: Settings, manager: tuple[str, str, str], tools: "FoundingTools"
) -> Actor:
    """Write the settings and the first person (code, name, PIN), who is the owner; return her as signed in.

    Raises InvalidValueError for a bad setting, PinFormError, AlreadyFoundedError.
    """
    check_settings(settings)
    code, name, pin = manager
    check_pin_form(pin)
    recorder = Recorder(settings.till_id, tools.clock, tools.ids)
    work = Workplace(
        store=store,
        recorder=recorder,
        sealer=tools.sealer,
        settings=CurrentSettings(settings),
        clock=tools.clock,
        ids=tools.ids,
    )
    staff_service = StaffService(work, tools.hasher)
    staff = Staff(StaffId(tools.ids.new()), code, name, Role.OWNER)
    hashed = tools.hasher.hash(pin)
    with store.write() as tx:
        _found(tx, settings, tools, staff.staff_id)
        staff_service.write(tx, staff, hashed, staff.staff_id)
    return Actor(staff.staff_id, staff.name, staff.role)


def found_to_join(store: Store, settings: Settings, tools: "FoundingTools") -> None:
    """Make a data folder the till of a merchant whose people, goods and rules come from a platform.

    The settings say who and where this till is, and the merchant's currency; what is the merchant's of them is replaced
    by what comes. Nobody can sign in before the first people came. Raises InvalidValueError, AlreadyFoundedError.
    """
    check_settings(settings)
    with store.write() as tx:
        _found(tx, settings, tools, None)


def _found(tx: Tx, settings: Settings, tools: "FoundingTools", by: StaffId | None) -> None:
    if tx.settings.load() is not None:
        raise AlreadyFoundedError()
    tx.settings.save(settings)
    fact = ShopFounded(
        shop=settings.shop_id,
        shop_code=settings.shop_code,
        till_code=settings.till_code,
        currency=settings.currency,
        time_zone=settings.time_zone,
        public_key=tools.signer.public_key().hex(),
    )
    Recorder(settings.till_id, tools.clock, tools.ids).record(tx, fact, by)


def can_be_worked(tx: Tx) -> bool:
    """Whether a till that was founded to join can be opened: somebody who may sell can sign in."""
    return any(one.active and may(one.role, Action.SELL) for one in tx.staff.all())


class FoundingTools(msgspec.Struct, frozen=True):
    """What founding needs of the outside."""

    clock: Clock
    ids: Ids
    hasher: PinHasher
    sealer: Sealer
    signer: Signer
    verifier: Verifier
    stopwatch: Stopwatch = StillWatch()


class SettingsService:
    """Changing settings."""

    def __init__(self, store: Store, recorder: Recorder, current: CurrentSettings) -> None:
        self._store = store
        self._recorder = recorder
        self._current = current

    @property
    def value(self) -> Settings:
        """The settings in force."""
        return self._current.value

    def change(self, who: Actor, settings: Settings) -> None:
        """Put other settings in force and record which fields changed; raise InvalidValueError, ForbiddenError.

        Limits are for her to change who changes the staff: nobody raises her own.
        """
        who.require(Action.MANAGE_SETTINGS)
        if settings.limits != self._current.value.limits:
            who.require(Action.MANAGE_STAFF)
        self._write(who, settings)

    def set_appearance(self, who: Actor | None, language: str, theme: str) -> None:
        """Change language and theme, which anybody may."""
        self._write(who, msgspec.structs.replace(self._current.value, language=language, theme=theme))

    def set_labels(self, who: Actor, labels: LabelChoices) -> None:
        """Remember what was chosen for labels, which anybody may who prints them."""
        self._write(who, msgspec.structs.replace(self._current.value, labels=labels))

    def use_printer(self, who: Actor, printer: str) -> None:
        """Print on the same printer at another place, which anybody may who prints; it is recorded who said so."""
        who.require(Action.REPRINT)
        self._write(who, msgspec.structs.replace(self._current.value, printer=printer))

    def adopt_shop(self, shop: ShopId, code: str) -> None:
        """Belong to a shop of the merchant from now on, under its code; what was sold before keeps its own."""
        here = self._current.value
        self._write(None, msgspec.structs.replace(here, shop_id=shop, shop_code=code or here.shop_code))

    def remember_platform(self, address: str) -> None:
        """Remember where the platform was, for when this till comes in again."""
        self._write(None, msgspec.structs.replace(self._current.value, platform_address=address))

    def look_again(self) -> None:
        """Put in force what stands in the books: a platform may have sent the merchant's settings meanwhile."""
        with self._store.read() as tx:
            stored = tx.settings.load()
        if stored is not None and stored != self._current.value:
            self._current.value = stored

    def _write(self, who: Actor | None, settings: Settings) -> None:
        """Write what differs from what was in force; what came from a platform meanwhile stays as it came."""
        before = self._current.value
        changed = {
            name: getattr(settings, name)
            for name in Settings.__struct_fields__
            if getattr(settings, name) != getattr(before, name)
        }
        if not changed:
            check_settings(settings)
            return
        with self._store.write() as tx:
            stored = tx.settings.load() or before
            settings = msgspec.structs.replace(stored, **changed)
            check_settings(settings)
            tx.settings.save(settings)
            changes = {name: msgspec.json.encode(value).decode() for name, value in changed.items()}
            self._recorder.record(tx, SettingsChanged(changes=changes), who.staff_id if who else None)
        self._current.value = settings
