"""Letters over SMTP on a real socket: what arrives, and what each refusal means."""

import traceback
from datetime import UTC, datetime
from uuid import UUID

import pytest

from pos_app.domain.mail import MailSettings
from pos_app.hardware.mail_smtp import SmtpPost
from pos_app.services.ports.mail import (
    Enclosure,
    Letter,
    MailAddressRefusedError,
    MailError,
    MailJobId,
    MailNoAnswerError,
    MailRefusedError,
    MailSenderRefusedError,
    MailSettingError,
    MailSignInError,
    MailTlsError,
)
from pos_app.words import has_text, speaking
from tests.support.smtp_server import HAN_PASSWORD, PASSWORD, USER, SmtpServer, trust

TO = "w.xm@example.com"
LETTER = Letter(
    letter_id=MailJobId(UUID(int=7)),
    to=TO,
    subject="南京路店 销售单 N01-1-2026-000123",
    text="您好：\n附件是您的小票。\n.\n..点开头的行也完整\n",
    written_at=datetime(2026, 11, 22, 6, 32, 5, tzinfo=UTC),
    sender_name="南京路店, 熟客",
    enclosures=(Enclosure("N01-1-2026-000123.pdf", b"%PDF-1.7 \x00\xff" * 9000),),
)


def _post(
    server: SmtpServer, security: str = "starttls", password: str = PASSWORD, user: str = USER
) -> SmtpPost:
    settings = MailSettings(
        server="127.0.0.1", port=server.port, security=security, user=user, sender="shop@example.com"
    )
    return SmtpPost(lambda: settings, lambda: password, trust, timeout_s=5)


@pytest.mark.parametrize("security", ["starttls", "tls", "none"])
def test_a_letter_arrives_whole(security: str) -> None:
    with SmtpServer(tls=security == "tls", starttls=security == "starttls") as server:
        _post(server, security).send(LETTER)
    (taken,) = server.letters
    message = taken.message
    assert (taken.sender, taken.to, taken.safe) == ("shop@example.com", (TO,), security != "none")
    assert (
        message["Subject"] == LETTER.subject and message["From"].addresses[0].display_name == "南京路店, 熟客"
    )
    body = message.get_body(("plain",))
    assert body is not None and body.get_content().replace("\r\n", "\n") == LETTER.text
    (enclosed,) = message.iter_attachments()
    assert enclosed.get_filename() == "N01-1-2026-000123.pdf"
    assert enclosed.get_content() == LETTER.enclosures[0].content
    assert server.signed_in == [USER]


def test_a_letter_sent_twice_is_one_and_the_same_to_a_mailbox() -> None:
    with SmtpServer() as server:
        _post(server).send(LETTER)
        _post(server).send(LETTER)
    first, second = (taken.message["Message-ID"] for taken in server.letters)
    assert first == second == f"<{LETTER.letter_id.hex}@example.com>"


def test_to_check_is_to_sign_in_and_send_nothing() -> None:
    with SmtpServer() as server:
        _post(server).check()
        assert server.signed_in == [USER] and server.letters == []


@pytest.mark.parametrize(
    ("command", "answer", "error"),
    [
        ("RCPT", "550 5.1.1 no such user", MailAddressRefusedError),
        ("RCPT", "450 mailbox is busy", MailError),
        ("MAIL", "553 not your address", MailSenderRefusedError),
        ("MAIL", "451 later", MailError),
        ("DATA", "554 no", MailRefusedError),
        ("END", "552 5.3.4 too big", MailRefusedError),
        ("END", "452 disk full", MailError),
        ("AUTH", "535 5.7.8 no", MailSignInError),
        ("AUTH", "454 later", MailError),
        ("STARTTLS", "454 no TLS now", MailError),
        ("GREETING", "554 not to you", MailError),
    ],
)
def test_what_is_refused_for_now_is_tried_again_and_what_is_refused_for_good_is_not(
    command: str, answer: str, error: type[Exception]
) -> None:
    with SmtpServer() as server:
        server.refuse[command] = answer
        with pytest.raises(error) as caught:
            _post(server).send(LETTER)
        assert type(caught.value) is error and server.letters == []
        _is_said_without_a_name(caught.value)


@pytest.mark.parametrize("place", ["EHLO", "MAIL", "RCPT", "DATA", "END"])
def test_a_server_that_hangs_up_is_no_answer(place: str) -> None:
    with SmtpServer() as server:
        server.cut_at = place
        with pytest.raises(MailNoAnswerError):
            _post(server).send(LETTER)
        server.cut_at = ""
        _post(server).send(LETTER)
        assert len(server.letters) == 1


def test_a_password_in_han_characters_signs_in_too() -> None:
    with SmtpServer() as server:
        _post(server, password=HAN_PASSWORD).check()
        with pytest.raises(MailSignInError):
            _post(server, password="错的").check()
        assert server.signed_in == [USER]


def test_nobody_there_is_no_answer() -> None:
    with SmtpServer() as server:
        post = _post(server)
    with pytest.raises(MailNoAnswerError):
        post.send(LETTER)


def test_a_wrong_password_is_said_and_is_in_no_trace() -> None:
    with SmtpServer() as server, pytest.raises(MailSignInError) as caught:
        _post(server, password="falsch-密码").check()
    assert isinstance(caught.value, MailSettingError)
    told = "".join(traceback.format_exception(caught.value))
    assert "falsch" not in told.replace('password="falsch', "")


def test_no_password_goes_out_where_nothing_makes_it_safe() -> None:
    with SmtpServer(starttls=False) as server, pytest.raises(MailTlsError):
        _post(server).send(LETTER)
    assert server.signed_in == []


def test_a_certificate_that_nobody_vouches_for_is_not_trusted() -> None:
    with SmtpServer(tls=True) as server:
        settings = MailSettings(server="127.0.0.1", port=server.port, sender="shop@example.com")
        with pytest.raises(MailTlsError):
            SmtpPost(lambda: settings, lambda: None, timeout_s=5).send(LETTER)


def test_tls_to_a_server_that_speaks_none_is_said_as_that() -> None:
    with SmtpServer() as server, pytest.raises(MailTlsError):
        _post(server, "tls").send(LETTER)


def test_a_server_without_sign_in_is_not_given_a_password() -> None:
    with SmtpServer(auth=False) as server:
        with pytest.raises(MailSignInError):
            _post(server).send(LETTER)
        _post(server, user="").send(LETTER)
        assert len(server.letters) == 1


def test_a_domain_in_han_characters_is_written_as_servers_read_it() -> None:
    with SmtpServer() as server:
        import dataclasses

        _post(server).send(dataclasses.replace(LETTER, to="wang@例子.中国"))
        assert server.letters[0].to == ("wang@xn--fsqu00a.xn--fiqs8s",)


def _is_said_without_a_name(error: Exception) -> None:
    code = getattr(error, "code", "")
    for language in ("zh_CN", "en"):
        with speaking(language):
            assert has_text(code)
    assert TO not in "".join(traceback.format_exception(error))
