"""The command line, one file a command.

Decides the form of the commands and how they end: 0 when it went well, 1 when something was found or refused, 2 when
it was asked wrongly. A refusal is one line on stderr; a bug is a report in the logs and one line, never a traceback.
"""

import argparse
from collections.abc import Sequence

from ui.cli import (
    backup,
    bench,
    doctor,
    enrol,
    export,
    import_,
    payments_simulator,
    platform,
    report,
    restore,
    sync,
    till,
    verify,
)
from ui.cli.speech import complain, prepare_streams, speak_like_the_shop, speak_like_the_system
from ui.cli.usage import QuietParser, WronglyAskedError, spoken_usage

COMMANDS = (
    till,
    verify,
    backup,
    restore,
    import_,
    export,
    report,
    enrol,
    sync,
    platform,
    payments_simulator,
    bench,
    doctor,
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit code."""
    prepare_streams()
    speak_like_the_system()
    try:
        with spoken_usage():
            chosen = _read(argv)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 2
    try:
        code: int = chosen.run(chosen)
    except KeyboardInterrupt:
        return complain(KeyboardInterrupt())
    except Exception as problem:
        return complain(problem)
    return code


def _read(argv: Sequence[str] | None) -> argparse.Namespace:
    """Read a command line; raise SystemExit after what is wrong with it was told in the shop's language."""
    try:
        return make_parser(QuietParser).parse_args(argv)
    except WronglyAskedError:
        from ui.main import home

        speak_like_the_shop(home().database)
        return make_parser().parse_args(argv)


def make_parser(kind: type[argparse.ArgumentParser] = argparse.ArgumentParser) -> argparse.ArgumentParser:
    """Return the parser of all commands, its help in the language now spoken."""
    from pos_app.words import translate
    from ui.version import version

    parser = kind(prog="shuke", description=translate("cli.help.shuke"))
    parser.add_argument(
        "--version", action="version", version=f"Shuke {version()}", help=translate("cli.usage.version")
    )
    commands = parser.add_subparsers(required=True, metavar=translate("cli.help.command"))
    for command in COMMANDS:
        # A module cannot be called import; its command can.
        name = command.__name__.rpartition(".")[2].rstrip("_")
        told = translate(f"cli.help.{name}")
        parser_of = commands.add_parser(name.replace("_", "-"), help=told, description=told)
        command.add_arguments(parser_of)
        parser_of.set_defaults(run=command.run)
    return parser
