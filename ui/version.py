"""Which version of the program this is."""

from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as version_of


def version(package: str = "shuke") -> str:
    """Return the version of an installed package, "?" when it is not installed."""
    try:
        return version_of(package)
    except PackageNotFoundError:
        return "?"
