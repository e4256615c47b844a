"""The tab of payment codes: which wallets are taken, under whose numbers, and the keys that go with them.

Decides what is said under which field, and in words whether the keys fit. Keys are never shown again once they are
saved; they go to `WalletKeys`, not to the settings. Qt-free.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import reduce
from pathlib import Path

import msgspec

from pos_app.domain.errors import InvalidValueError
from pos_app.domain.payments.settings import WALLETS, PaymentSettings, WalletSettings
from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.values.barcode import fold
from pos_app.services.ports.lane import Lane
from pos_app.services.ports.payments import PaymentAnswer, ProviderSettingError
from pos_app.services.ports.wallet_keys import KeyPair, WalletKeys
from pos_app.words import has_text, translate
from ui.settings.wallet_codes import digits_text, prefixes_text, read_rule, with_rule
from ui.shell.counter import Counter
from ui.shell.wording import words_of

ROWS = {
    TenderKind.WECHAT_PAY: (
        ("merchant_id", "app_id"),
        ("merchant_serial", "provider_serial"),
        ("address",),
        ("prefixes", "digits"),
    ),
    TenderKind.ALIPAY: (("app_id",), ("address",), ("prefixes", "digits")),
}
"""What each wallet needs beside its keys, as it stands side by side."""
KEYS = ("private_key", "provider_key")
LONGEST_FILE = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class WalletDoors:
    """What the tab works with. `check` reads keys, `ask` asks a wallet of an order that nobody has heard of.

    Both raise ProviderSettingError; `ask` runs on the lane `net`, and may raise ProviderUnreachableError.
    """

    net: Lane
    keys: WalletKeys
    check: Callable[[TenderKind, WalletSettings, KeyPair], object]
    ask: Callable[[TenderKind, WalletSettings, KeyPair], PaymentAnswer]


@dataclass(frozen=True, slots=True, kw_only=True)
class WalletForm:
    """What stands in one wallet's fields; keys only while they are new."""

    enabled: bool = False
    app_id: str = ""
    merchant_id: str = ""
    merchant_serial: str = ""
    provider_serial: str = ""
    address: str = ""
    prefixes: str = ""
    digits: str = ""
    private_key: str = field(default="", repr=False)
    provider_key: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class WalletState:
    """One wallet: its form, errors by field, whether keys are kept, and what trying it came to.

    `tried_tone` is "", "success" or "danger".
    """

    form: WalletForm
    has_keys: bool = False
    errors: tuple[tuple[str, str], ...] = ()
    tried: str = ""
    tried_tone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The tab."""

    wallets: tuple[tuple[TenderKind, WalletState], ...]
    changed: bool = False
    busy: bool = False
    note: str = ""
    problem: str = ""

    def of(self, kind: TenderKind) -> WalletState:
        """Return one wallet's."""
        return dict(self.wallets)[kind]


class WalletsPresenter:
    """Everything that the tab does. GUI thread."""

    def __init__(self, counter: Counter, doors: WalletDoors, on_change: Callable[[State], None]) -> None:
        self._counter, self._doors, self._on_change = counter, doors, on_change
        self.state = State(wallets=self._standing(()))

    def open(self) -> None:
        """Show what is set, unless something typed waits to be saved; look for keys meanwhile."""
        if self.state.changed or self.state.busy:
            return
        self._show(replace(self.state, wallets=self._standing(self._kept()), problem=""))
        self._doors.net.run(
            lambda: tuple(kind for kind in WALLETS if self._doors.keys.load(kind) is not None),
            self._found_keys,
            lambda _problem: None,
        )

    def edit(self, kind: TenderKind, form: WalletForm) -> None:
        """The fields of a wallet hold other values."""
        now = self.state.of(kind)
        if form == now.form:
            return
        changed = {name for name in WalletForm.__slots__ if getattr(form, name) != getattr(now.form, name)}
        errors = tuple(error for error in now.errors if error[0] not in changed)
        self._put(kind, replace(now, form=form, errors=errors, tried=""))
        self._show(replace(self.state, changed=True, note="", problem=""))

    def take_file(self, kind: TenderKind, name: str, path: Path | None) -> None:
        """Read a key from a file that was chosen; None is no choice."""
        if path is None:
            return
        try:
            with path.open("rb") as file:
                text = file.read(LONGEST_FILE + 1).decode("utf-8-sig")
        except (OSError, UnicodeDecodeError):
            self._wrong(kind, name, "unreadable")
            return
        self.edit(kind, replace(self.state.of(kind).form, **{name: text[:LONGEST_FILE].strip()}))  # type: ignore[arg-type]

    def revert(self) -> None:
        """Forget what was not saved."""
        self._show(State(wallets=self._standing(self._kept())))

    def save(self) -> None:
        """Keep keys and put the settings in force; what is wrong is said under its field."""
        if self.state.busy or not self.state.changed:
            return
        forms = {kind: wallet.form for kind, wallet in self.state.wallets}
        self._show(replace(self.state, busy=True, problem="", note=""))
        self._counter.db.run(lambda: self._write(forms), lambda _none: self._saved(), self._not_saved)

    def try_out(self, kind: TenderKind) -> None:
        """Ask the wallet, by what stands in the form, of an order that nobody has heard of."""
        if self.state.busy:
            return
        form = self.state.of(kind).form
        wallet = _wallet_of(form)
        self._put(kind, replace(self.state.of(kind), tried=translate("wallets.try.asking"), tried_tone=""))
        self._show(replace(self.state, busy=True))
        self._doors.net.run(
            lambda: self._doors.ask(kind, wallet, self._pair(kind, form)),
            lambda answer: self._tried(kind, answer),
            lambda problem: self._not_tried(kind, problem),
        )

    # -- on the lanes ----------------------------------------------------------------------------------------

    def _pair(self, kind: TenderKind, form: WalletForm) -> KeyPair:
        """Return the keys of a form: what is typed, else what is kept."""
        kept = self._doors.keys.load(kind) or KeyPair("", "")
        private, public = form.private_key.strip(), form.provider_key.strip()
        return KeyPair(private or kept.private, public or kept.provider_public)

    def _write(self, forms: dict[TenderKind, WalletForm]) -> None:
        counter = self._counter
        pairs = {kind: self._pair(kind, form) for kind, form in forms.items()}
        rules = [read_rule(kind, form.prefixes, form.digits) for kind, form in forms.items()]
        for kind, form in forms.items():
            if form.enabled or form.private_key or form.provider_key:
                self._doors.check(kind, _wallet_of(form), pairs[kind])
        # Read on the lane: another tab may have changed something meanwhile.
        now = counter.shop.current.value
        payments = msgspec.structs.replace(
            now.payments,
            wechat_pay=_wallet_of(forms[TenderKind.WECHAT_PAY]),
            alipay=_wallet_of(forms[TenderKind.ALIPAY]),
            rules=reduce(with_rule, rules, now.payments.rules),
        )
        for kind, form in forms.items():
            if form.private_key or form.provider_key:
                self._doors.keys.save(kind, pairs[kind])
        if payments != now.payments:
            changed = msgspec.structs.replace(now, payments=payments)
            counter.shop.settings.change(counter.session.who, changed)

    # -- what came of it -------------------------------------------------------------------------------------

    def _saved(self) -> None:
        kept = {k for k, w in self.state.wallets if w.has_keys or w.form.private_key or w.form.provider_key}
        wallets = self._standing(tuple(kept))
        self._show(State(wallets=wallets, note=translate("settings.note.saved")))

    def _not_saved(self, problem: Exception) -> None:
        self._show(replace(self.state, busy=False))
        if isinstance(problem, ProviderSettingError):
            self._wrong_setting(problem)
        elif isinstance(problem, InvalidValueError) and self._wrong_value(problem):
            return
        else:
            money = self._counter.shop.current.value.money
            self._show(replace(self.state, problem=words_of(problem, money)))

    def _tried(self, kind: TenderKind, answer: PaymentAnswer) -> None:
        fits = answer.reason == "not_found"
        code = f"payments.reason.{answer.reason}"
        why = translate(code if has_text(code) else "payments.reason.other")
        words = translate("wallets.try.fits") if fits else translate("wallets.try.fails", why=why)
        self._put(kind, replace(self.state.of(kind), tried=words, tried_tone="success" if fits else "danger"))
        self._show(replace(self.state, busy=False))

    def _not_tried(self, kind: TenderKind, problem: Exception) -> None:
        money = self._counter.shop.current.value.money
        if isinstance(problem, ProviderSettingError):
            self._put(kind, replace(self.state.of(kind), tried=""))
            self._wrong_setting(problem)
        else:
            self._put(kind, replace(self.state.of(kind), tried=words_of(problem, money), tried_tone="danger"))
        self._show(replace(self.state, busy=False))

    def _wrong_setting(self, problem: ProviderSettingError) -> None:
        kind = TenderKind(str(problem.params.get("provider", TenderKind.WECHAT_PAY)))
        name, what = str(problem.params.get("field", "")), str(problem.params.get("problem", "unreadable"))
        self._wrong(kind, name, what)

    def _wrong_value(self, problem: InvalidValueError) -> bool:
        """Say it under the field that the settings name, such as "alipay_address"; return whether there is one."""
        named = str(problem.params.get("field", ""))
        for kind in WALLETS:
            name = named.removeprefix(f"{kind.value}_")
            if name != named and any(name in row for row in ROWS[kind]):
                wrong = name if name in ("prefixes", "digits") else "address"
                self._wrong(kind, name, wrong if problem.params.get("text") else "missing")
                return True
        return False

    def _wrong(self, kind: TenderKind, name: str, what: str) -> None:
        code = f"wallets.problem.{what}"
        words = translate(code) if has_text(code) else translate("wallets.problem.unreadable")
        now = self.state.of(kind)
        errors = (*(error for error in now.errors if error[0] != name), (name, words))
        self._put(kind, replace(now, errors=errors))
        self._show(self.state)

    def _found_keys(self, kinds: tuple[TenderKind, ...]) -> None:
        wallets = tuple((kind, replace(w, has_keys=kind in kinds)) for kind, w in self.state.wallets)
        self._show(replace(self.state, wallets=wallets))

    # -- the state -------------------------------------------------------------------------------------------

    def _standing(self, kept: tuple[TenderKind, ...]) -> tuple[tuple[TenderKind, WalletState], ...]:
        payments = self._counter.shop.current.value.payments
        return tuple(
            (kind, WalletState(form=_form_of(payments, kind), has_keys=kind in kept)) for kind in WALLETS
        )

    def _kept(self) -> tuple[TenderKind, ...]:
        return tuple(kind for kind, wallet in self.state.wallets if wallet.has_keys)

    def _put(self, kind: TenderKind, wallet: WalletState) -> None:
        wallets = tuple((k, wallet if k is kind else w) for k, w in self.state.wallets)
        self.state = replace(self.state, wallets=wallets)

    def _show(self, state: State) -> None:
        self.state = state
        self._on_change(state)


def _form_of(payments: PaymentSettings, kind: TenderKind) -> WalletForm:
    wallet = payments.wallet(kind)
    return WalletForm(
        enabled=wallet.enabled,
        app_id=wallet.app_id,
        merchant_id=wallet.merchant_id,
        merchant_serial=wallet.merchant_serial,
        provider_serial=wallet.provider_serial,
        address=wallet.address,
        prefixes=prefixes_text(payments.rules, kind),
        digits=digits_text(payments.rules, kind),
    )


def _wallet_of(form: WalletForm) -> WalletSettings:
    return WalletSettings(
        enabled=form.enabled,
        app_id=fold(form.app_id).strip(),
        merchant_id=fold(form.merchant_id).strip(),
        address=form.address.strip().rstrip("/"),
        merchant_serial=fold(form.merchant_serial).strip(),
        provider_serial=fold(form.provider_serial).strip(),
    )
