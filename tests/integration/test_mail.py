"""Receipts by e-mail: from durable rows over a real socket, later when there is no network, and never to the erased."""

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import msgspec
import pypdfium2
import pytest

from pos_app.domain.errors import InvalidValueError, NotFoundError
from pos_app.domain.mail import MailSettings
from pos_app.domain.sales.sale import Sale
from pos_app.domain.values.ids import SaleId, SubjectId
from pos_app.hardware.mail_smtp import SmtpPost
from pos_app.services.mail import GIVEN_UP_AFTER, PAUSES, MailQueue
from pos_app.services.ports.mail import MailError, MailNotSetError, MailPracticeError, MailRefusedError
from pos_app.services.practice import make_harmless
from tests.support.shop_on_disk import NECKLACE, DiskShop, shop_on_disk
from tests.support.smtp_server import PASSWORD, USER, SmtpServer, trust

TO = "w.xm@example.com"


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    """A mail server that is there."""
    with SmtpServer() as running:
        yield running


@pytest.fixture
def shop(tmp_path: Path, server: SmtpServer) -> Iterator[DiskShop]:
    """A founded shop that has set its mail server."""
    with shop_on_disk(tmp_path) as made:
        mail = MailSettings(
            server="127.0.0.1", port=server.port, security="starttls", user=USER, sender="shop@example.com"
        )
        made.shop.settings.change(made.owner, msgspec.structs.replace(made.shop.current.value, mail=mail))
        yield made


def run_queue(shop: DiskShop, password: str = PASSWORD) -> list[str]:
    """Send what is due, as the post's lane does; return the codes of what went wrong."""
    mailing, codes = shop.shop.mailing, []
    post = SmtpPost(lambda: shop.shop.current.value.mail, lambda: password, trust, timeout_s=5)
    while (ready := mailing.begin()) is not None:
        try:
            post.send(mailing.letter_of(ready))
        except (MailError, MailRefusedError) as error:
            codes.append(error.code)
            mailing.failed(ready, error)
        else:
            mailing.sent(ready)
    return codes


def queued(shop: DiskShop, to: str = TO, sale: Sale | None = None) -> Sale:
    """Sell something and queue its receipt."""
    sold = sale or shop.sell(NECKLACE).sale
    shop.shop.mailing.queue(shop.cashier, sold.sale_id, to)
    return sold


def stands(shop: DiskShop) -> MailQueue:
    """Return how the queue stands."""
    return shop.shop.mailing.stands()


def sent_facts(shop: DiskShop) -> int:
    """Count the facts that a receipt was sent."""
    with shop.store.read() as tx:
        return tx.journal.count_kinds((0, 0)).get("receipt.sent", 0)


def test_a_receipt_arrives_with_its_pdf_and_the_books_know_it(shop: DiskShop, server: SmtpServer) -> None:
    sale = queued(shop)
    assert run_queue(shop) == []
    (taken,) = server.letters
    assert taken.to == (TO,) and sale.number in taken.message["Subject"]
    (enclosed,) = taken.message.iter_attachments()
    (page,) = pypdfium2.PdfDocument(BytesIO(enclosed.get_content()))
    assert sale.number in page.get_textpage().get_text_range()
    assert stands(shop) == MailQueue() and sent_facts(shop) == 1
    assert shop.verify().findings == []


def test_the_address_stands_nowhere_in_the_open(shop: DiskShop, server: SmtpServer) -> None:
    queued(shop)
    assert stands(shop).letters[0].to == "w***@example.com"
    run_queue(shop)
    shop.store.close()
    raw = b"".join(path.read_bytes() for path in shop.folder.glob("shop.db*"))
    assert TO.encode() not in raw
    shop.reopened()
    assert sent_facts(shop) == 1


def test_without_a_network_it_waits_longer_and_longer_and_goes_out_when_there_is_one(
    shop: DiskShop, server: SmtpServer
) -> None:
    server.cut_at = "EHLO"
    queued(shop)
    for pause in (*PAUSES, PAUSES[-1]):
        assert run_queue(shop) == ["devices.mail.no_answer"]
        assert run_queue(shop) == [], "it is not due yet"
        assert stands(shop).next_try_at == shop.clock.now() + pause
        shop.clock.forward(pause)
    server.cut_at = ""
    assert run_queue(shop) == [] and len(server.letters) == 1 and sent_facts(shop) == 1


def test_a_wrong_password_loses_nothing_and_a_right_one_sends_all(shop: DiskShop, server: SmtpServer) -> None:
    queued(shop)
    queued(shop, "li@example.com")
    assert run_queue(shop, "wrong") == ["devices.mail.sign_in"] * 2
    assert stands(shop).waiting == 2 and stands(shop).letters[0].problem == "devices.mail.sign_in"
    shop.shop.mailing.try_again()
    assert run_queue(shop) == [] and len(server.letters) == 2


def test_an_address_that_does_not_exist_waits_for_a_person(shop: DiskShop, server: SmtpServer) -> None:
    server.refuse["RCPT"] = "550 5.1.1 no such user"
    queued(shop)
    assert run_queue(shop) == ["devices.mail.address_refused"]
    shop.clock.forward(timedelta(days=1))
    assert run_queue(shop) == [], "it is not tried by itself"
    letter = stands(shop).letters[0]
    assert letter.is_refused and stands(shop).refused == 1 and sent_facts(shop) == 0
    server.refuse.clear()
    shop.shop.mailing.try_again(letter.job_id)
    assert run_queue(shop) == [] and len(server.letters) == 1


def test_a_refused_one_can_be_removed(shop: DiskShop, server: SmtpServer) -> None:
    server.refuse["RCPT"] = "550 no"
    queued(shop)
    run_queue(shop)
    shop.shop.mailing.drop(shop.cashier, stands(shop).letters[0].job_id)
    assert stands(shop) == MailQueue()


def test_one_that_is_removed_while_it_is_being_sent_is_in_the_books_when_it_went_out(shop: DiskShop) -> None:
    queued(shop)
    ready = shop.shop.mailing.begin()
    assert ready is not None
    shop.shop.mailing.drop(shop.cashier, ready.job.job_id)
    shop.shop.mailing.sent(ready)
    assert stands(shop) == MailQueue() and sent_facts(shop) == 1 and shop.verify().findings == []


def test_after_three_days_it_is_given_up_and_said(shop: DiskShop, server: SmtpServer) -> None:
    server.refuse["MAIL"] = "451 later"
    queued(shop)
    shop.clock.forward(GIVEN_UP_AFTER)
    run_queue(shop)
    assert stands(shop).letters[0].problem == "devices.mail.gave_up" and stands(shop).refused == 1


BAD = ("", "w", "w@", "@x.com", "w@x", "w x@example.com", "a@b.com\r\nBcc: c@d.com", "w@-x.com", "w..x@example.com",
       "王@example.com", "w@example.com,v@example.com")  # fmt: skip


@pytest.mark.parametrize("text", BAD)
def test_a_bad_address_is_refused_before_anything_is_kept(shop: DiskShop, text: str) -> None:
    sale = shop.sell(NECKLACE).sale
    with pytest.raises(InvalidValueError) as caught:
        shop.shop.mailing.queue(shop.cashier, sale.sale_id, text)
    assert caught.value.params["field"] == "mail_address" and stands(shop) == MailQueue()


def test_what_a_telephone_s_keyboard_makes_of_an_address_is_taken(shop: DiskShop, server: SmtpServer) -> None:
    queued(shop, " W.XM＠Example。com ")
    run_queue(shop)
    assert server.letters[0].to == ("W.XM@example.com",)


def test_twice_to_the_same_address_is_one_letter_to_another_is_two(shop: DiskShop) -> None:
    sale = queued(shop)
    queued(shop, sale=sale)
    queued(shop, "li@example.com", sale)
    assert stands(shop).waiting == 2


def test_a_till_that_died_while_sending_sends_it_again_as_the_same_letter(
    shop: DiskShop, server: SmtpServer
) -> None:
    queued(shop)
    ready = shop.shop.mailing.begin()
    assert ready is not None and shop.shop.mailing.begin() is None
    shop.reopened()
    assert shop.shop.mailing.recover() == 1
    run_queue(shop)
    assert server.letters[0].message["Message-ID"].startswith(f"<{ready.job.job_id.hex}@")


def test_a_member_who_is_erased_gets_no_letter(shop: DiskShop, server: SmtpServer) -> None:
    member = shop.sign_up("13812341234", "王小满")
    sale = shop.sell(NECKLACE, member=member).sale
    queued(shop, sale=sale)
    shop.shop.members.erase(shop.manager, member.member_id, "she asked")
    assert stands(shop).letters[0].to == "—"
    assert run_queue(shop) == [] and server.letters == [] and stands(shop) == MailQueue()


def test_a_receipt_of_a_member_who_was_erased_can_still_be_sent_and_printed(
    shop: DiskShop, server: SmtpServer
) -> None:
    """Her key stays destroyed: a new one under her name would open nothing, and could never be destroyed again."""
    member = shop.sign_up("13812341234", "王小满")
    cart = shop.paid(shop.cart(NECKLACE, member=member, note="送到前台"))
    sale = shop.shop.checkout.commit(shop.cashier, cart).sale
    shop.shop.members.erase(shop.manager, member.member_id, "she asked")
    queued(shop, sale=sale)
    assert run_queue(shop) == [] and server.letters[0].to == (TO,)
    with shop.store.read() as tx:
        assert tx.subject_keys.get(SubjectId(member.member_id)) is None
    assert shop.shop.printing.receipt(sale.sale_id).title == sale.number
    assert shop.verify().passed


def test_a_shop_without_a_server_says_so_and_practice_sends_nothing(tmp_path: Path) -> None:
    with shop_on_disk(tmp_path) as bare:
        sale = bare.sell(NECKLACE).sale
        with pytest.raises(MailNotSetError):
            bare.shop.mailing.queue(bare.cashier, sale.sale_id, TO)
        bare.shop.current.value = msgspec.structs.replace(bare.shop.current.value, practice=True)
        with pytest.raises(MailPracticeError):
            bare.shop.mailing.queue(bare.cashier, sale.sale_id, TO)


def test_a_copy_to_practise_in_has_no_letter_of_the_shop(shop: DiskShop) -> None:
    queued(shop)
    make_harmless(shop.store)
    assert stands(shop) == MailQueue() and shop.shop.mailing.begin() is None


def test_a_sale_that_is_not_here_cannot_be_sent(shop: DiskShop) -> None:
    with pytest.raises(NotFoundError):
        shop.shop.mailing.queue(shop.cashier, SaleId(shop.outside.ids.new()), TO)


def test_an_a4_paper_counts_as_a_copy(shop: DiskShop) -> None:
    sale = shop.sell(NECKLACE).sale
    printing = shop.shop.printing
    made = [printing.copy_for_a4(shop.cashier, sale.sale_id) for _ in range(2)]
    assert made == [(1, sale.number), (2, sale.number)]
    (page,) = pypdfium2.PdfDocument(printing.a4(sale.sale_id, 2))
    assert "COPY 2" in page.get_textpage().get_text_range()
    assert sent_facts(shop) == 2 and shop.verify().findings == []
