"""Light and dark: Qt's Fusion style, a palette and one style sheet made from the tokens.

Decides how every widget looks by its class, object name and the ``kind`` property (``primary``, ``quiet``,
``danger``, ``card`` …). Does not decide layout, nor which theme a person wants.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from string import Template

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from ui.kit.fonts import font, load_fonts
from ui.kit.tokens import Theme, Tokens, current, sizes, use


def style_sheet(colours: Tokens) -> str:
    """Return the style sheet of a theme; KeyError if the template names a token that does not exist."""
    template = resources.files("resources").joinpath("styles", "shuke.qss").read_text("utf-8")
    names = {name: colours.colour(name) for name in Tokens.__slots__ if name != "theme"}
    lengths = {name: str(getattr(sizes(), name)) for name in type(sizes()).__slots__}
    return Template(template).substitute(names | lengths)


def palette(colours: Tokens) -> QPalette:
    """Return the palette that Fusion paints with where the style sheet is silent."""
    made = QPalette()
    role = QPalette.ColorRole
    for where, name in (
        (role.Window, "ground"),
        (role.Base, "surface"),
        (role.AlternateBase, "surface"),
        (role.Button, "raised"),
        (role.ToolTipBase, "raised"),
        (role.WindowText, "text"),
        (role.Text, "text"),
        (role.ButtonText, "text"),
        (role.ToolTipText, "text"),
        (role.PlaceholderText, "muted"),
        (role.Highlight, "primary"),
        (role.HighlightedText, "on_primary"),
        (role.Link, "primary"),
        (role.Mid, "line"),
    ):
        made.setColor(where, QColor(colours.colour(name)))
    for where in (role.Text, role.WindowText, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, where, QColor(colours.disabled))
    return made


def apply_theme(app: QApplication, theme: Theme) -> Tokens:
    """Dress the whole application, also while it runs; open windows repaint themselves."""
    colours = use(theme)
    with _no_collection():
        _dress(app, theme, colours)
    return colours


def _dress(app: QApplication, theme: Theme, colours: Tokens) -> None:
    # Once: under a style sheet the style no longer says its name, and to set it again dresses every widget twice.
    if not app.property("dressed"):
        app.setStyle("Fusion")
        load_fonts()
        app.setFont(font())
        app.setProperty("dressed", True)
    # To set even the same sheet again dresses every widget of every window anew, which a cashier would wait for.
    if app.property("dressed_in") != theme:
        app.setPalette(palette(colours))
        app.setStyleSheet(style_sheet(colours))
        app.setProperty("dressed_in", theme)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Collect no garbage while Qt walks all widgets.

    Dressing a widget runs its Python handlers; a collection that they set off deletes widgets nobody holds any more,
    one of which Qt would come to next: the till would end without a word.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def current_theme() -> Theme:
    """Return the theme that is on."""
    return current().theme
