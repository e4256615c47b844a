"""What the tour leaves: pictures of pages, sheets of paper in four forms, and a page that shows them all.

Decides names, places and how the page looks; it is plain, local and escaped.
"""

import html
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from PySide6.QtWidgets import QApplication

from pos_app.documents.renderers.pdf import render_pdf
from pos_app.documents.renderers.raster import render_raster
from pos_app.documents.renderers.text import render_text
from tests.e2e.tour_eyes import OwnWords, faults_of
from tests.e2e.tour_shop import Sheet
from ui.kit.tokens import Theme
from ui.shell.theme import current_theme
from ui.shell.window import Shell

THEMES: tuple[Theme, ...] = ("light", "dark")
SHORT = {"zh_CN": "zh", "en": "en"}
_PART = "part-{}.json"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a page: its file, what it shows, and what is wrong with it."""

    file: str
    words: str
    language: str
    theme: str
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Paperwork:
    """A printed document in its four forms."""

    title: str
    language: str
    files: tuple[str, ...]


def clear(folder: Path) -> None:
    """Make a folder ready; what an earlier tour left in its places goes."""
    for name in ("screens", "papers"):
        shutil.rmtree(folder / name, ignore_errors=True)
        (folder / name).mkdir(parents=True)
    for part in folder.glob(_PART.format("*")):
        part.unlink()


@dataclass
class Album:
    """The pictures and the paper of a tour in one language, in a folder that was made ready."""

    folder: Path
    language: str
    themes: Sequence[Theme] = THEMES
    pictures: list[Picture] = field(default_factory=list)
    papers: list[Paperwork] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    _numbers: dict[str, int] = field(default_factory=dict)

    def place(self, name: str) -> Path:
        """Return where the till may write a PDF of a name, which is shown beside the paper."""
        self.files.append(f"papers/{SHORT[self.language]}-{name}.pdf")
        return self.folder / self.files[-1]

    def look(
        self, shell: Shell, name: str, words: str, own: OwnWords, themes: Sequence[Theme] = ()
    ) -> list[str]:
        """Take a picture in each of some themes, or in all of this album; return what is wrong, in words."""
        seen: list[str] = []
        number, language = self._numbers.setdefault(name, 1 + len(self._numbers)), self.language
        # The theme that is on first: dressing a whole window anew is what takes the time.
        for theme in sorted(themes or self.themes, key=lambda theme: theme != current_theme()):
            shell.set_theme(theme)
            QApplication.processEvents()
            file = f"screens/{number:02d}-{name}-{SHORT[language]}-{theme}.png"
            if not shell.grab().save(str(self.folder / file)):
                raise OSError(f"cannot write {file}")
            faults = tuple(faults_of(shell, language, own))
            seen += [f"{file}: {fault}" for fault in faults]
            self.pictures.append(Picture(file, words, language, theme, faults))
        _let_notices_pass(shell)
        return seen

    def keep(self, sheets: Sequence[Sheet]) -> None:
        """Write printed documents as PDF, picture, text, and the bytes that printed them."""
        for number, sheet in enumerate(sheets, start=1):
            stem = f"papers/{SHORT[self.language]}-{number:02d}-{_plain(sheet.page.title)}"
            forms = {
                "pdf": render_pdf(sheet.page, sheet.paper),
                "png": render_raster(sheet.page, sheet.paper).png(),
                "txt": render_text(sheet.page, sheet.paper).encode(),
                "bin": sheet.sent,
            }
            for ending, content in forms.items():
                (self.folder / f"{stem}.{ending}").write_bytes(content)
            files = tuple(f"{stem}.{ending}" for ending in forms)
            self.papers.append(Paperwork(sheet.page.title, self.language, files))

    def leave(self, told: Sequence[str]) -> None:
        """Leave this part of the tour for `bind`."""
        part = Part(tuple(self.pictures), tuple(self.papers), tuple(self.files), tuple(told))
        (self.folder / _PART.format(self.language)).write_bytes(msgspec.json.encode(part))


def _let_notices_pass(shell: Shell) -> None:
    """Take away what was said and seen: a person is slower than the tour, and no notice stays four seconds here."""
    for strip in [strip for strip in shell.notices._strips if strip.notice.kind != "error"]:
        shell.notices._dismiss(strip)


@dataclass(frozen=True, slots=True)
class Part:
    """What a tour in one language left: its pictures, its paper, PDFs of labels and cards, its steps in words."""

    pictures: tuple[Picture, ...] = ()
    papers: tuple[Paperwork, ...] = ()
    files: tuple[str, ...] = ()
    told: tuple[str, ...] = ()


def bind(folder: Path, languages: Sequence[str]) -> Path:
    """Write the page that shows all parts, and the same as JSON; return its path. A part that failed is left out."""
    files = [folder / _PART.format(language) for language in languages]
    parts = [msgspec.json.decode(file.read_bytes(), type=Part) for file in files if file.exists()]
    whole = Part(
        tuple(picture for part in parts for picture in part.pictures),
        tuple(paper for part in parts for paper in part.papers),
        tuple(file for part in parts for file in part.files),
        tuple(step for part in parts for step in part.told),
    )
    (folder / "tour.json").write_bytes(msgspec.json.format(msgspec.json.encode(whole), indent=1))
    page = folder / "index.html"
    page.write_text(_page(whole), "utf-8")
    for file in files:
        file.unlink(missing_ok=True)
    return page


def _page(whole: Part) -> str:
    steps = "".join(f"<li>{html.escape(step)}</li>" for step in whole.told)
    pictures: dict[tuple[str, str], list[Picture]] = {}
    for picture in whole.pictures:
        pictures.setdefault((picture.words, picture.language), []).append(picture)
    figures = "".join(_figure(words, both) for (words, _), both in pictures.items())
    papers = "".join(_paper(paper) for paper in whole.papers)
    files = "".join(f'<li><a href="{html.escape(f)}">{html.escape(f)}</a></li>' for f in whole.files)
    return _PAGE.format(steps=steps, figures=figures, papers=papers, files=files)


_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Shuke 熟客: the tour</title>
<style>
body {{ font: 14px/1.5 system-ui, sans-serif; margin: 24px auto; max-width: 1280px; color: #1a1f25; }}
figure {{ margin: 0 0 24px; }} figure div {{ display: flex; gap: 8px; }} figure a {{ flex: 1; }}
img {{ width: 100%; border: 1px solid #c9d0d8; border-radius: 4px; }}
section.papers {{ display: flex; flex-wrap: wrap; gap: 16px; align-items: flex-start; }}
section.papers figure {{ width: 290px; }} .fault {{ color: #c4303c; }}
</style>
<h1>Shuke 熟客: the tour</h1>
<h2>Steps</h2><ol>{steps}</ol>
<h2>Paper</h2><section class="papers">{papers}</section>
<h2>Labels and cards</h2><ul>{files}</ul>
<h2>Pages</h2>{figures}
</html>
"""


def _figure(words: str, both: Sequence[Picture]) -> str:
    shots = "".join(
        f'<a href="{html.escape(p.file)}"><img loading="lazy" src="{html.escape(p.file)}"'
        f' alt="{html.escape(words)}, {p.theme}"></a>'
        for p in both
    )
    faults = "".join(f'<p class="fault">{html.escape(f)}</p>' for p in both for f in p.faults)
    caption = f"{words} ({SHORT[both[0].language]})"
    return f"<figure><figcaption>{html.escape(caption)}</figcaption><div>{shots}</div>{faults}</figure>"


def _paper(paper: Paperwork) -> str:
    png = next(file for file in paper.files if file.endswith(".png"))
    links = " · ".join(
        f'<a href="{html.escape(f)}">{html.escape(f.rpartition(".")[2])}</a>' for f in paper.files
    )
    title = html.escape(f"{paper.title} ({SHORT[paper.language]})")
    image = f'<img loading="lazy" src="{html.escape(png)}" alt="{title}">'
    return f"<figure><figcaption>{title}: {links}</figcaption>{image}</figure>"


def _plain(title: str) -> str:
    """Return a title as a part of a file's name on any system."""
    return "".join(c if c.isalnum() or c in "-_" else "-" for c in title).strip("-") or "paper"
