"""Find the files of each noun, so that the README's table is written by the tree and not by hope.

Decides which names belong to which noun. `python -m tests.architecture.nouns` rewrites the table in README.md.
"""

from dataclasses import dataclass
from pathlib import Path

from tests.architecture.source_tree import ROOT

BEGIN, END = "<!-- nouns: written by python -m tests.architecture.nouns -->", "<!-- /nouns -->"


@dataclass(frozen=True)
class Noun:
    """A word of the shop and the file names that stand for it, apart from the word itself."""

    name: str
    chinese: str
    also: tuple[str, ...] = ()


NOUNS = (
    Noun(
        "catalogue",
        "商品、单品、批次、价格",
        ("goods", "pieces", "prices", "batches", "scale", "sellable", "pictures"),
    ),
    Noun(
        "sales",
        "购物车、收款、小票、退货",
        (
            "sale",
            "carts",
            "cart",
            "checkout",
            "selling",
            "returns",
            "holds",
            "pay",
            "pricing",
            "receipt",
            "counter",
            "ringing",
        ),
    ),
    Noun("payments", "付款码、钱包", ("payment", "wallet", "wallets", "attempts", "scripted_wallet")),
    Noun(
        "tenders",
        "收款码、订金、团购券",
        ("tender", "deposits", "deposit", "vouchers", "voucher"),
    ),
    Noun(
        "imports",
        "导入、导出、期初积分与储值",
        ("import", "importing", "exports", "export", "opening_balances", "versions", "import_scratch"),
    ),
    Noun("invoices", "发票", ("invoice", "tax_numbers", "titles", "handing")),
    Noun("members", "会员", ("member", "people", "consents", "erasure", "anniversaries", "pinyin")),
    Noun("labels", "价签、吊牌、会员卡", ("label", "cards", "card", "sheets", "tspl")),
    Noun("shifts", "班次、日结", ("shift",)),
    Noun("staff", "员工、权限、授权", ("approvals", "sign_in", "pins", "limits")),
    Noun("settings", "设置、首次开店", ("setup", "set_up", "founding")),
    Noun(
        "devices",
        "打印机、钱箱、打印队列",
        ("printing", "print", "drawer", "escpos", "spooler", "printer", "mail"),
    ),
    Noun("display", "客显屏", ("customer_screen",)),
    Noun("practice", "练习模式"),
    Noun("reports", "报表", ("report",)),
    Noun("leaks", "防损报表", ("leak",)),
    Noun(
        "journal",
        "流水账、校验、备份",
        ("verify", "proof", "backup", "backups", "restore", "facts", "subject", "sealing"),
    ),
    Noun(
        "sync",
        "同步、平台、同步处理台",
        (
            "syncing",
            "joining",
            "desk",
            "records",
            "documents",
            "platform",
            "elsewhere",
            "enrolling",
            "synced",
            "together",
            "wire",
            "filling",
            "feed",
            "goods_post",
            "simulation",
            "herd",
            "push",
            "pull_apply",
            "new_till",
        ),
    ),
)

LAYERS = {
    "domain": "pos_app/domain",
    "services": "pos_app/services",
    "persistence": "pos_app/persistence",
    "documents, hardware": "pos_app/documents pos_app/hardware",
    "screen": "ui",
}
"""Column → the folders it looks in, one level deep."""

NAMESAKES = {"tests/unit/documents", "tests/unit/ui/imports/test_desk.py"}
"""Tests of what is only called alike: documents that are printed, and the desk of imports."""


def _belongs(stem: str, noun: Noun) -> bool:
    names = (noun.name, *noun.also)
    return any(stem == name or stem.startswith(name + "_") or stem.endswith("_" + name) for name in names)


def files_of(noun: Noun, folders: str) -> list[str]:
    """List a noun's modules and packages below the folders, packages with a slash at the end."""
    found: list[str] = []
    for folder in folders.split():
        for path in sorted((ROOT / folder).iterdir()):
            is_package = (path / "__init__.py").exists()
            if (is_package or (path.suffix == ".py" and path.stem != "__init__")) and _belongs(
                path.stem, noun
            ):
                found.append(path.relative_to(ROOT).as_posix() + "/" * is_package)
    return found


def tests_of(noun: Noun) -> list[str]:
    """List the test folders and the loose test modules that carry a noun's name."""
    found: set[str] = set()
    for path in sorted((ROOT / "tests").rglob("*")):
        place = path.relative_to(ROOT).as_posix()
        is_of_another_kind = place in NAMESAKES or place.startswith(
            ("tests/architecture/", "tests/unit/words/")
        )
        if is_of_another_kind or any(place.startswith(folder) for folder in found):
            continue
        if (path / "__init__.py").exists() and _belongs(path.name, noun):
            found.add(place + "/")
        elif path.suffix == ".py" and _belongs(path.stem.removeprefix("test_"), noun):
            found.add(place)
    return sorted(found)


def homeless(folder: str, spine: set[str]) -> list[str]:
    """List the modules of a folder that no noun claims and that are not of its spine."""
    claimed = {Path(file).stem for noun in NOUNS for file in files_of(noun, folder)}
    modules = {path.stem for path in (ROOT / folder).iterdir() if path.suffix == ".py" or path.is_dir()}
    return sorted(modules - claimed - spine - {"__init__", "__pycache__"})


def table() -> str:
    """Write the README's table."""
    head = ["noun", "在店里", *LAYERS, "tests"]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for noun in NOUNS:
        columns = [files_of(noun, folders) for folders in LAYERS.values()] + [tests_of(noun)]
        cells = [" ".join(f"`{file}`" for file in files) or "–" for files in columns]
        lines.append("| " + " | ".join([noun.name, noun.chinese, *cells]) + " |")
    return "\n".join(lines)


def in_readme() -> tuple[str, str, str]:
    """Split the README into what stands before the table, the table, and what stands after it."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    written, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError("README.md has lost the marks around its table of nouns")
    return before, written.strip("\n"), after


def main() -> None:
    """Rewrite the table in README.md."""
    before, _, after = in_readme()
    text = f"{before}{BEGIN}\n{table()}\n{END}{after}"
    (ROOT / "README.md").write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
