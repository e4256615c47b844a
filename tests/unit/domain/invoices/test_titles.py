"""What a customer fills in for an invoice, each fault told by its field."""

import pytest

from pos_app.domain.invoices import TitleKind
from pos_app.domain.invoices.tax_numbers import TaxNumberMissingError
from pos_app.domain.invoices.titles import (
    AccountError,
    EmailError,
    InvoicePhoneError,
    InvoiceTitle,
    NowhereToSendError,
    TextTooLongError,
    TitleError,
    TitleMissingError,
    checked,
)

CODE = "91350100M000100Y43"


def company(**fields: str) -> InvoiceTitle:
    """Return a company's title with what matters."""
    return InvoiceTitle(
        **{"kind": TitleKind.COMPANY, "title": "上海拾光商贸有限公司", "tax_number": CODE, **fields}
    )  # type: ignore[arg-type]


def person(**fields: str) -> InvoiceTitle:
    """Return a person's title with what matters."""
    return InvoiceTitle(**{"kind": TitleKind.PERSONAL, "title": "", **fields})  # type: ignore[arg-type]


def faults(title: InvoiceTitle) -> dict[str, type[Exception]]:
    """Return the fault of each field."""
    with pytest.raises(TitleError) as refused:
        checked(title)
    return {name: type(fault) for name, fault in refused.value.faults.items()}


def test_a_company_needs_name_and_tax_number_and_no_address_to_send_to() -> None:
    assert checked(company()).tax_number == CODE
    assert faults(company(title=" ", tax_number="")) == {
        "title": TitleMissingError,
        "tax_number": TaxNumberMissingError,
    }


def test_a_person_needs_a_phone_or_an_e_mail_and_is_just_a_person_without_a_name() -> None:
    assert faults(person()) == {"phone": NowhereToSendError}
    taken = checked(person(phone="１３８ 0013 8000"))
    assert (taken.title, taken.phone, taken.email) == ("个人", "+8613800138000", None)
    assert checked(person(title="王小满", email="wang@example.com")).title == "王小满"


def test_a_person_has_no_tax_number_bank_or_account() -> None:
    taken = checked(person(phone="13800138000", tax_number="X", bank="中国银行", account="??"))
    assert (taken.tax_number, taken.bank, taken.account) == (None, None, None)


def test_a_title_of_100_bytes_fits_and_one_more_does_not() -> None:
    assert checked(company(title="店" * 50)).title == "店" * 50
    with pytest.raises(TitleError) as refused:
        checked(company(title="店" * 50 + "a"))
    fault = refused.value.faults["title"]
    assert isinstance(fault, TextTooLongError) and fault.params == {"bytes": 101, "most": 100}


def test_bank_and_account_share_one_field_of_the_invoice() -> None:
    assert faults(company(bank="行" * 45, account="6222000012345678901")) == {"bank": TextTooLongError}
    assert (
        checked(company(bank="中国银行南京路支行", account="6222 0000-1234 5678")).account
        == "6222000012345678"
    )


@pytest.mark.parametrize(
    "text",
    [
        "wang",
        "wang@",
        "@example.com",
        "wang@example",
        "a b@example.com",
        "wáng@example.com",
        "a..b@example.com",
    ],
)
def test_what_is_no_e_mail_is_refused(text: str) -> None:
    assert faults(company(email=text)) == {"email": EmailError}


def test_every_fault_is_told_at_once() -> None:
    wrong = company(title="", tax_number="1", email="x", phone="12", account="no!")
    assert set(faults(wrong)) == {"title", "tax_number", "email", "phone", "account"}
    assert faults(company(phone="12")) == {"phone": InvoicePhoneError}
    assert faults(company(account="12")) == {"account": AccountError}
