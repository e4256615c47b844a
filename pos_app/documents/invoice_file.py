"""A batch of requests for invoices as files: a table that people and issuing programs import, and the same as JSON.

Decides the columns, after those of the tax bureau's table for issuing many at once (发票流水号, 购买方名称,
购买方纳税人识别号, 项目名称, 单位, 数量, 单价, 金额, 税率 …), one row a line of an invoice; and which columns of an
answer are read. The bureau's own codes of goods (商品和服务税收编码) are not in it: programs find them by the
name of the item. Both files appear together and whole, or not at all.
"""

import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import msgspec

from pos_app.documents.tables.columns import Column, ColumnKind
from pos_app.documents.tables.errors import NoHeadingError, unwritten
from pos_app.documents.tables.layout import Table, main_sheet
from pos_app.documents.tables.opening import open_table
from pos_app.documents.tables.writing import check_format, write_table
from pos_app.domain.invoices import InvoiceState, TitleKind
from pos_app.domain.invoices.amounts import InvoiceLine
from pos_app.domain.invoices.batches import AnswerRow, BatchItem, InvoiceBatch
from pos_app.domain.values.quantity import ONE

FORMAT = "shuke-invoices-1"
_BLUE, _RED = "蓝字", "红字"
_TITLES = (
    "发票流水号",
    "小票号",
    "销售日期",
    "蓝字/红字",
    "原发票号码",
    "抬头类型",
    "购买方名称",
    "购买方纳税人识别号",
    "购买方地址",
    "购买方开户银行",
    "购买方银行账号",
    "购买方邮箱",
    "购买方手机",
    "项目名称",
    "单位",
    "数量",
    "含税单价",
    "含税金额",
    "税率",
)
"""Headings stand in Chinese whatever the till speaks: the programs that read them are Chinese."""
_NUMBERS = {"数量": 3, "含税单价": 6, "含税金额": 2}
_WIDE = frozenset({"购买方名称", "购买方纳税人识别号", "购买方地址", "项目名称"})
_HEADINGS = {
    "request_no": ("发票流水号", "流水号", "申请号", "request no", "request number", "order no"),
    "receipt": ("小票号", "单号", "小票单号", "销售单号", "receipt", "receipt number", "receipt no"),
    "number": (
        "数电发票号码",
        "数电票号码",
        "全电发票号码",
        "发票号码",
        "发票号",
        "invoice number",
        "invoice no",
    ),
    "issued_on": ("开票日期", "开票时间", "日期", "invoice date", "issued on", "date"),
    "red": ("蓝字/红字", "蓝字红字", "红蓝字", "是否红字", "正负数", "red"),
}
_RED_WORDS = ("红", "负", "red", "是", "yes", "true")


class AnswerHeadingsError(NoHeadingError):
    """No column of the answer is the invoice number, or none says whose it is."""

    code = "invoices.error.headings"


class FileHandover:
    """A batch in two files beside their places, that appear there at once."""

    def __init__(self, table: Path, parts: Sequence[tuple[Path, Path]], sha256: str) -> None:
        self._parts = parts
        self._sha256 = sha256
        self._table = table

    @property
    def sha256(self) -> str:
        """The SHA-256 of the table, in hex."""
        return self._sha256

    @property
    def path(self) -> Path | None:
        """The table."""
        return self._table

    def deliver(self) -> None:
        """Give both files their names. Raises FileGoneError and its kin."""
        try:
            for part, target in self._parts:
                part.replace(target)
        except OSError as error:
            self.take_back()
            raise unwritten(self._table, error) from None

    def take_back(self) -> None:
        """Remove both files."""
        for part, target in self._parts:
            for file in (part, target):
                with suppress(OSError):
                    file.unlink(missing_ok=True)


class FileInvoiceOffice:
    """The office that is handed a file, and answers with one."""

    def prepare(self, batch: InvoiceBatch, target: Path) -> FileHandover:
        """Write a batch beside `target` (.xlsx or .csv), and a JSON of the same name.

        Raises FormatError, FileGoneError and its kin, StorageFullError; nothing is left then.
        """
        check_format(target)
        target = _free(target)
        table, data = _waiting(target), _waiting(target.with_suffix(".json"))
        handover = FileHandover(target, ((table, target), (data, target.with_suffix(".json"))), "")
        try:
            write_table(table, _columns(batch), _rows(batch))
            sha256 = hashlib.sha256(table.read_bytes()).hexdigest()
            with data.open("wb") as file:
                file.write(msgspec.json.format(msgspec.json.encode(_told(batch, sha256)), indent=1))
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            handover.take_back()
            raise unwritten(target, error) from None
        except BaseException:
            handover.take_back()
            raise
        return FileHandover(target, ((table, target), (data, target.with_suffix(".json"))), sha256)

    def answer(self, path: Path) -> Sequence[AnswerRow]:
        """Read an answer: CSV or Excel with a receipt or request number, an invoice number and perhaps its date.

        Raises what `open_table` raises, NoHeadingError, AnswerHeadingsError, DamagedTableError.
        """
        with open_table(path) as workbook:
            table = Table(workbook, main_sheet(workbook, _known), _known)
            places = _places(table.headings)
            if "number" not in places or not places.keys() & {"request_no", "receipt"}:
                raise AnswerHeadingsError()
            out = []
            for row in table.rows():
                texts = {name: row.text(place).strip() for name, place in places.items()}
                red = texts.pop("red", "").casefold()
                is_red = any(word in red for word in _RED_WORDS) and _BLUE not in red
                out.append(AnswerRow(row=row.number, red=is_red, **texts))
            return out


def _free(target: Path) -> Path:
    """Return a name that no file has: what was handed over before is never written over."""
    place, number = target, 1
    while place.exists() or place.with_suffix(".json").exists():
        number += 1
        place = target.with_stem(f"{target.stem}-{number}")
    return place


def _waiting(target: Path) -> Path:
    """Return where a file stands until it appears; it ends as the table does, which the writer looks at."""
    return target.with_name(f".{target.stem}.waiting{target.suffix}")


def _columns(batch: InvoiceBatch) -> list[Column]:
    columns = []
    for title in _TITLES:
        decimals = batch.currency.digits if title == "含税金额" else _NUMBERS.get(title, 0)
        kind = ColumnKind.NUMBER if title in _NUMBERS else ColumnKind.TEXT
        columns.append(Column(title, kind, decimals, 30 if title in _WIDE else 16))
    return columns


def _rows(batch: InvoiceBatch) -> Iterator[tuple[str | None, ...]]:
    for item in batch.items:
        yield from _item_rows(item, batch.currency.digits)


def _item_rows(item: BatchItem, digits: int) -> Iterator[tuple[str | None, ...]]:
    request, title = item.request, item.title
    red = request.state is InvoiceState.RED_ASKED
    head = (
        request.request_no,
        request.sale_number,
        item.sold_on.isoformat(),
        _RED if red else _BLUE,
        request.number if red else None,
        "企业" if title.kind is TitleKind.COMPANY else "个人",
        title.title,
        title.tax_number,
        title.address,
        title.bank,
        title.account,
        title.email,
        _plain_phone(title.phone),
    )
    if red:
        yield (*head, "销货退回", None, None, None, _decimal(-request.red_due, digits), None)
        return
    for line in item.lines:
        yield (
            *head,
            line.name,
            line.unit,
            _quantity(line),
            _unit_price(line, digits),
            _decimal(line.amount, digits),
            _rate(line),
        )


def _plain_phone(phone: str | None) -> str | None:
    return None if phone is None else phone.removeprefix("+86")


def _decimal(amount: int, digits: int) -> str:
    return str(Decimal(amount).scaleb(-digits))


def _quantity(line: InvoiceLine) -> str:
    return str((Decimal(line.quantity) / ONE).normalize().quantize(Decimal("0.001")).normalize() + 0)


def _unit_price(line: InvoiceLine, digits: int) -> str | None:
    """Return amount ÷ quantity with six decimals: the amount is authoritative."""
    if line.quantity <= 0:
        return None
    price = Decimal(line.amount).scaleb(-digits) * ONE / Decimal(line.quantity)
    return str(price.quantize(Decimal("0.000001"), ROUND_HALF_UP))


def _rate(line: InvoiceLine) -> str:
    if line.tax_rate is None:
        return "不征税"
    return f"{(line.tax_rate * 100).normalize():f}%"


def _told(batch: InvoiceBatch, sha256: str) -> dict[str, object]:
    """Return a batch as plain values; amounts are minor units, quantities thousandths."""
    return {
        "format": FORMAT,
        "table_sha256": sha256,
        "shop": batch.shop_name,
        "till": f"{batch.shop_code}-{batch.till_code}",
        "currency": batch.currency.code,
        "requests": [_told_item(item) for item in batch.items],
    }


def _told_item(item: BatchItem) -> dict[str, object]:
    request = item.request
    red = request.state is InvoiceState.RED_ASKED
    told: dict[str, object] = {
        "request_no": request.request_no,
        "receipt": request.sale_number,
        "sold_on": item.sold_on,
        "red": red,
        "amount": -request.red_due if red else request.amount,
        "title": msgspec.to_builtins(item.title),
    }
    if red:
        return {**told, "original_number": request.number, "reason": request.reason}
    lines = [
        {
            "name": line.name,
            "code": line.code,
            "unit": line.unit,
            "quantity": line.quantity,
            "amount": line.amount,
            "tax_rate": None if line.tax_rate is None else str(line.tax_rate),
        }
        for line in item.lines
    ]
    return {**told, "lines": lines}


def _folded(heading: str) -> str:
    return re.sub(r"[\s*＊:：_]+", " ", heading).strip().casefold()


def _places(headings: Sequence[str]) -> dict[str, int]:
    """Return the column (from 0) of each field that the headings name, by the first name that is there."""
    folded = [_folded(heading) for heading in headings]
    out: dict[str, int] = {}
    for name, known in _HEADINGS.items():
        found = next((folded.index(each) for each in known if each in folded), None)
        if found is not None:
            out[name] = found
    return out


def _known(headings: Sequence[str]) -> int:
    return len(_places(headings))
