"""Renders the frame and the kit to PNG in both languages and themes: ``python -m tests.support.gallery DIR``.

For eyes, not for comparing: look at them after every change of the kit.
"""

import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from pos_app.domain.values.money import currency
from pos_app.words import set_language, translate
from ui.kit.buttons import BigButton, FilterChip, KeyButton, Tile
from ui.kit.cards import Card, EmptyState, PageHead, Panel, divider, list_card
from ui.kit.fields import AmountEdit, ChoiceEdit, CodeEdit, Field, NameEdit, PinEdit, SellEdit, TickEdit
from ui.kit.labels import AmountLabel, Chip, ElidedWords, Words
from ui.kit.lists import Cell, Column, Row, RowList
from ui.kit.number_pad import NumberPad
from ui.kit.tokens import Theme
from ui.shell.dialogs import Question
from ui.shell.keys import Action
from ui.shell.screens import Screen, ScreenContext, ScreenId
from ui.shell.theme import apply_theme
from ui.shell.window import Shell, ShellOptions

YUAN = currency("CNY")
LINES = (
    ("18K金项链 45cm", "金卡 9.5折", "1", "¥1,299.00", "¥1,234.05"),
    ("婴儿湿巾 80抽×3", "", "2", "¥39.90", "¥79.80"),
    (
        "足金999 古法素圈戒指 3.260 g 证书 NGTC-2026-004417 加长名称测试",
        "工费 5折 −¥45.64",
        "1",
        "¥3,299.12",
        "¥3,344.76",
    ),
    ("6900000000017", "不在商品目录：按开放价销售或移除", "1", "", ""),
)

KEYS = (("挂单", "F3", "pause"), ("取单", "F4", "play"), ("行折扣", "F5", "tag"), ("退货", "F7", "undo-2"))
TENDERS = (
    ("现金", "F1", "banknote", ""),
    ("银行卡", "F2", "credit-card", "需要凭证号"),
    ("储值", "F4", "wallet", "余额 ¥320.00"),
    ("积分", "F5", "coins", "1,240 分可抵 ¥12.40"),
)


def _cart() -> RowList:
    lines = RowList(
        "cart",
        (
            Column("n", "", 48),
            Column("name", translate("common.word.name")),
            Column("quantity", translate("common.word.quantity"), 80, right=True),
            Column("price", translate("common.word.price"), 120, right=True),
            Column("amount", translate("common.word.amount"), 128, right=True, sortable=True),
        ),
        focusable=False,
    )
    lines.set_rows([_line(place, line) for place, line in enumerate(LINES, start=1)])
    lines.set_current(1)
    return lines


def _line(place: int, line: tuple[str, str, str, str, str]) -> Row:
    name, under, count, price, amount = line
    cells = (
        Cell(str(place), "muted"),
        Cell(name, under=under, under_tone="gold_text" if price else "danger"),
        Cell(count),
        Cell(price, "muted"),
        Cell(amount, strong=True),
    )
    return Row(place, cells, tone="" if price else "danger")


def _sell(context: ScreenContext) -> QWidget:
    page = QWidget()
    layout = QHBoxLayout(page)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    left = QVBoxLayout()
    left.setContentsMargins(16, 16, 16, 12)
    left.setSpacing(12)
    box = SellEdit(placeholder=translate("shell.field.scan_here"))
    page.setFocusProxy(box)
    left.addWidget(box)
    left.addWidget(list_card(_cart()), 1)
    keys = QHBoxLayout()
    keys.setSpacing(8)
    for words, key, name in KEYS:
        keys.addWidget(KeyButton(words, key, icon=name, kind="quiet"))
    keys.addStretch(1)
    left.addLayout(keys)
    layout.addLayout(left, 1)
    layout.addWidget(_side())
    return page


def _side() -> QWidget:
    panel = Panel()
    top = QHBoxLayout()
    top.addWidget(Words("王小满", "heading"))
    top.addWidget(Chip("金卡", "gold", "star"))
    top.addStretch(1)
    top.addWidget(Words("138****1234", "muted"))
    panel.body.addLayout(top)
    panel.body.addWidget(
        ElidedWords("1,240 分 · 储值 ¥320.00 · 生日 3 天后 · 距铂金还差 ¥760.00 很长很长", "muted")
    )
    panel.body.addWidget(divider())
    panel.body.addStretch(1)
    grid = QGridLayout()
    for row, (words, amount) in enumerate((("小计", 137880), ("优惠", -6495))):
        label = AmountLabel()
        label.set_amount(amount, YUAN)
        grid.addWidget(Words(words, "muted"), row, 0)
        grid.addWidget(label, row, 1)
    panel.body.addLayout(grid)
    panel.body.addWidget(Words("应收", "muted"))
    due = AmountLabel("due")
    due.set_amount(131385, YUAN)
    panel.body.addWidget(due)
    panel.body.addWidget(BigButton("收款", "F12"))
    return panel


def _kit(context: ScreenContext) -> QWidget:
    page = QWidget()
    layout = QVBoxLayout(page)
    layout.setContentsMargins(0, 0, 0, 0)
    head = PageHead("控件", "128 / 1,024")
    head.add(KeyButton("导出"))
    head.add(KeyButton("新会员", "F10", icon="user-plus", kind="primary"))
    layout.addWidget(head)
    body = QGridLayout()
    body.setContentsMargins(24, 8, 24, 24)
    body.setSpacing(16)
    body.addWidget(_form(), 0, 0, 2, 1)
    body.addWidget(_choices(), 0, 1)
    empty = Card()
    words = "按 F10 用手机号登记第一位，20 秒就好。"
    empty.body.addWidget(EmptyState("users", "还没有会员", words, "新会员", lambda: None))
    body.addWidget(empty, 1, 1)
    pad = Card()
    pad.body.addWidget(NumberPad(enter=True))
    pad.body.addStretch(1)
    body.addWidget(pad, 0, 2, 2, 1)
    layout.addLayout(body, 1)
    return page


def _form() -> Card:
    form = Card()
    amount, pin, sex = AmountEdit("float"), PinEdit("pin"), ChoiceEdit("tax")
    phone = Field("手机号", CodeEdit("phone", placeholder="138 0000 0000"))
    phone.set_error("手机号少一位，请补全。")
    amount.setText("500.00")
    pin.setText("1234")
    sex.set_choices([("13% 标准税率", 13), ("9%", 9)])
    form.body.addWidget(phone)
    form.body.addWidget(Field("姓名", NameEdit("name"), optional=True, hint="可用拼音或首字母查找"))
    for label, edit in (("开班备用金", amount), ("PIN", pin), ("税率", sex)):
        form.body.addWidget(Field(label, edit))
    form.body.addWidget(TickEdit("consent", "同意接收到店提醒", on=True))
    form.body.addWidget(TickEdit("consent_mail", "同意接收邮件"))
    buttons = QHBoxLayout()
    buttons.addStretch(1)
    buttons.addWidget(KeyButton(translate("common.action.cancel"), "Esc"))
    buttons.addWidget(KeyButton(translate("common.action.save"), "Ctrl+Enter", kind="primary"))
    form.body.addStretch(1)
    form.body.addLayout(buttons)
    return form


def _row(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return row


def _choices() -> Card:
    card = Card()
    grid = QGridLayout()
    for place, (words, key, icon_name, second) in enumerate(TENDERS):
        grid.addWidget(Tile(words, key, icon=icon_name, second=second), place // 2, place % 2)
    card.body.addLayout(grid)
    filters = ("全部", "金卡", "生日本月", "三个月未到店")
    card.body.addLayout(_row(*(FilterChip(words, checked=words == "全部") for words in filters)))
    states = (
        Chip("正常", "success", "circle-check"),
        Chip("缺货", "warning", "triangle-alert"),
        Chip("过期", "danger", "circle-alert"),
        Chip("练习", "info", "info"),
        Chip("普通"),
    )
    card.body.addLayout(_row(*states))
    off = KeyButton("不可用", "F9")
    off.setEnabled(False)
    remove = KeyButton("删除", "Del", icon="trash-2", kind="danger")
    card.body.addLayout(_row(KeyButton("普通", "F8"), remove, KeyButton("安静", kind="quiet"), off))
    return card


def _shell() -> Shell:
    rail = (("members", "common.word.name", "users"), ("settings", "common.word.all", "settings"))
    screens = [Screen(ScreenId("sell"), "common.word.total", "shopping-cart", _sell, key="Ctrl+1")]
    screens += [Screen(ScreenId(name), title, icon, _kit) for name, title, icon in rail]
    shell = Shell(screens, None, ShellOptions(time_text=lambda: "14:32"))
    for name, key, label in (
        ("hold", "F3", "common.action.add"),
        ("recall", "F4", "common.action.back"),
        ("pay", "F12", "common.action.confirm"),
    ):
        shell.keys.bind("sell", Action(name, key, label), lambda: None)
    shell.status.set_till(
        "南京路店",
        translate("shell.status.till", number=1),
        "李敏",
        translate("shell.status.shift", time="09:02"),
    )
    shell.status.set_printer(translate("shell.status.printer_ready"), "success")
    shell.status.set_sync(translate("shell.status.sync_waiting", count=3), "warning")
    return shell


def render(folder: Path, app: QApplication, theme: Theme, lang: str) -> None:
    """Write the pictures of one theme and language into ``folder``."""
    set_language(lang)
    apply_theme(app, theme)
    shell = _shell()
    shell.navigation.open(ScreenId("sell"))
    shell.show()
    shell.activateWindow()

    def shoot(name: str) -> None:
        app.processEvents()
        shell.grab().save(str(folder / f"{name}-{theme}-{lang}.png"))

    shoot("sell")
    shell.notices.error("打印机缺纸：请换纸，小票会自动补打。")
    shell.notices.success("已挂单，按 F4 取回。")
    shoot("notices")
    shell.show_help()
    shoot("help")
    shell.overlay.close_content()
    shell.dialogs.ask(
        Question("取消这张单？", "3 件商品会被移除，并记入日志。", "取消单据", kind="danger"),
        lambda yes: None,
    )
    shoot("ask")
    shell.overlay.close_content()
    shell.notices.dismiss_latest()
    shell.notices.dismiss_latest()
    shell.navigation.open(ScreenId("members"))
    shoot("kit")
    shell.close()


def main(folder: Path) -> None:
    """Render all."""
    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    for theme in ("light", "dark"):
        for lang in ("zh_CN", "en"):
            render(folder, app, theme, lang)  # type: ignore[arg-type]


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "gallery"))
