"""How a command that was asked wrongly is told: argparse's own sentences, in the language that is spoken.

Decides which of our texts stands for which sentence of argparse; one that it does not know stays as it is. argparse
looks its sentences up by the name `_` in its own module, which stands for ours while a command line is read.
"""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from pos_app.words import translate

_SENTENCES = {
    "usage: ": "cli.usage.usage",
    "positional arguments": "cli.usage.positional",
    "options": "cli.usage.options",
    "show this help message and exit": "cli.usage.help",
    "%(prog)s: error: %(message)s\n": "cli.usage.wrong",
    "argument %(argument_name)s: %(message)s": "cli.usage.argument",
    "invalid choice: %(value)r (choose from %(choices)s)": "cli.usage.choice",
    "unknown parser %(parser_name)r (choices: %(choices)s)": "cli.usage.parser",
    "invalid %(type)s value: %(value)r": "cli.usage.value",
    "unrecognized arguments: %s": "cli.usage.unknown",
    "the following arguments are required: %s": "cli.usage.required",
    "one of the arguments %s is required": "cli.usage.one_of",
    "not allowed with argument %s": "cli.usage.not_with",
    "expected one argument": "cli.usage.one",
    "expected at most one argument": "cli.usage.at_most_one",
    "expected at least one argument": "cli.usage.at_least_one",
    "ignored explicit argument %r": "cli.usage.explicit",
    "ambiguous option: %(option)s could match %(matches)s": "cli.usage.ambiguous",
}
_NAMES = ("prog", "message", "argument_name", "value", "choices", "parser_name", "option", "matches")
_PUT_IN = {name: f"%({name})s" for name in _NAMES} | {"text": "%s"}
"""What our texts name, as argparse puts it in."""


class WronglyAskedError(Exception):
    """A command line cannot be read; nothing was said of it yet."""


class QuietParser(argparse.ArgumentParser):
    """A parser that says nothing of what is wrong: in which language that is said is not known yet."""

    def error(self, message: str) -> NoReturn:
        """Raise WronglyAskedError."""
        raise WronglyAskedError(message)


@contextmanager
def spoken_usage() -> Iterator[None]:
    """Let argparse speak our language for the length of a block."""
    names = vars(argparse)
    before = names["_"]
    names["_"] = _spoken
    try:
        yield
    finally:
        names["_"] = before


def _spoken(sentence: str) -> str:
    code = _SENTENCES.get(sentence)
    if code is None:
        return sentence
    end = "\n" if sentence.endswith("\n") else ""
    return translate(code, **_PUT_IN) + end
