"""Each error has a code of its own, and shows no more than its code in a log."""

import importlib
import pkgutil
import re
from collections.abc import Iterator

import pytest

import pos_app.domain
from pos_app.domain.errors import ExpectedError, ShukeError, UnavailableError
from pos_app.words import has_text, speaking


def _errors(kind: type[ShukeError] = ShukeError) -> Iterator[type[ShukeError]]:
    for sub in kind.__subclasses__():
        yield sub
        yield from _errors(sub)


for _module in pkgutil.walk_packages(pos_app.domain.__path__, "pos_app.domain."):
    importlib.import_module(_module.name)
CODED = sorted(
    {e for e in _errors() if e.__module__.startswith("pos_app.domain")} - {ExpectedError, UnavailableError},
    key=lambda error: error.__qualname__,
)


def test_a_log_shows_the_code_and_never_the_parameters() -> None:
    assert str(ExpectedError(phone="13812345678")) == ShukeError.code


@pytest.mark.parametrize("error", CODED, ids=lambda error: error.__name__)
def test_every_error_has_its_own_code_under_its_noun(error: type[ShukeError]) -> None:
    # What only tells the program more than its base says the same words.
    told_by_its_base = "code" not in vars(error) and error.__base__ in CODED
    assert told_by_its_base or sum(other.code == error.code for other in CODED if "code" in vars(other)) == 1
    assert re.fullmatch(r"[a-z]+\.error\.[a-z_]+", error.code)


@pytest.mark.parametrize("error", [*CODED, UnavailableError], ids=lambda error: error.__name__)
@pytest.mark.parametrize("tag", ["zh_CN", "en"])
def test_every_error_tells_the_cashier_something(error: type[ShukeError], tag: str) -> None:
    with speaking(tag):
        assert has_text(error.code), f"write a text for {error.code}"
