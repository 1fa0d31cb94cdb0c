"""Gmail's request to confirm an address: the code and the confirming link, and nothing that is not Google's."""

from email.message import EmailMessage

import pytest

from bot.parsing.forwarding_confirmation import ForwardingConfirmation, parse_forwarding_confirmation

CONFIRM = "https://mail-settings.google.com/mail/vf-%5BANGjdJ8%5D-k2"
CANCEL = "https://mail-settings.google.com/mail/uf-%5BANGjdJ8%5D-k2"
JA = "(#123456789) Gmail の転送の確認 - taro@gmail.com からメールを受け取る"
EN = "(#123456789) Gmail Forwarding Confirmation - Receive Mail from taro@gmail.com"
SENDER = "Gmail Team <forwarding-noreply@google.com>"


def mail(
    text: str = f"…\n{CANCEL}\n{CONFIRM}\n", *, subject: str = JA, sender: str = SENDER, html: str | None = None
) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, "box+token@example.jp", subject
    message.set_content(text, cte="quoted-printable")
    if html is not None:
        message.add_alternative(html, subtype="html", cte="base64")
    return message.as_bytes()


@pytest.mark.parametrize("subject", [JA, EN, JA.replace("受け取る", "受信")])
def test_code_link_and_requester(subject: str) -> None:
    expected = ForwardingConfirmation(code="123456789", link=CONFIRM, requester="taro@gmail.com")
    assert parse_forwarding_confirmation(mail(subject=subject)) == expected


def test_they_are_found_in_the_text_too() -> None:
    text = f"taro@gmail.com has requested to forward\nConfirmation code: 987654321\n{CONFIRM}"
    expected = ForwardingConfirmation(code="987654321", link=CONFIRM, requester="taro@gmail.com")
    assert parse_forwarding_confirmation(mail(text, subject="Gmail Forwarding Confirmation")) == expected


def test_a_link_in_html_alone() -> None:
    found = parse_forwarding_confirmation(mail("…", html=f'<a href="{CANCEL}">x</a><a href="{CONFIRM}">y</a>'))
    assert found is not None
    assert found.link == CONFIRM


@pytest.mark.parametrize(
    "link",
    [
        CANCEL,
        CONFIRM.replace("https", "http"),
        CONFIRM.replace("google.com", "google.com.evil.jp"),
        CONFIRM.replace("mail-settings.google.com", "evil.jp"),
        CONFIRM.replace("https://", "https://google.com@evil.jp/"),
        CONFIRM.replace("https://", "https://x@"),
        CONFIRM.replace(".com/", ".com:8443/"),
        CONFIRM.replace("/mail/", "/mail/../mail/"),
    ],
)
def test_no_other_link_is_given(link: str) -> None:
    found = parse_forwarding_confirmation(mail(f"{link}\n"))
    assert found == ForwardingConfirmation(code="123456789", link=None, requester="taro@gmail.com")


@pytest.mark.parametrize(
    "sender",
    [
        "forwarding-noreply@google.com.evil.jp",
        '"forwarding-noreply@google.com" <a@evil.jp>',
        "forwarding-noreply@google.com, a@evil.jp",
        "a@lancers.jp",
    ],
)
def test_a_mail_of_anybody_else_is_none(sender: str) -> None:
    assert parse_forwarding_confirmation(mail(sender=sender)) is None


def test_one_that_says_nothing_is_none() -> None:
    assert parse_forwarding_confirmation(mail("hello", subject="hello")) is None
    assert parse_forwarding_confirmation(b"") is None
    assert parse_forwarding_confirmation(b"From: forwarding-noreply@google.com\r\n\r\n\xff\x00") is None
