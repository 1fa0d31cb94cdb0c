"""What becomes of a mail that is not Lancers', and the keys of mails, which are stored and must not change."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.messages import IrrelevantMail, OtherSiteMail, ParsedItem, ParsedTime, Precision
from bot.parsing.incoming import IncomingMessage
from bot.parsing.mail_items import mail_key
from bot.parsing.message import parse_mail, parse_message
from bot.parsing.notification import parse_notification_subject
from bot.parsing.other_sites import site_of_sender

TOKYO = ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=TOKYO)
AT = datetime(2026, 11, 22, 9, 14, 5, tzinfo=UTC)


def mail(sender: str, date: str = "Sun, 22 Nov 2026 18:14:05 +0900") -> list[ParsedItem]:
    text = f"From: {sender}\nDate: {date}\nSubject: hello\n\ntext"
    return parse_mail(text.encode(), now=NOW, zone=TOKYO)


def test_a_mail_of_nobody_who_is_known_is_irrelevant() -> None:
    assert mail("a@example.com") == [IrrelevantMail()]


def test_a_mail_of_another_site_names_the_site() -> None:
    [item] = mail("a@crowdworks.jp")
    assert isinstance(item, OtherSiteMail)
    assert (item.site, item.time) == ("クラウドワークス", ParsedTime(AT, Precision.SECOND))


@pytest.mark.parametrize(
    ("date", "is_known"),
    [("Tue, 24 Nov 2026 12:00:00 +0900", True), ("Tue, 24 Nov 2026 12:00:01 +0900", False)],
)
def test_a_date_of_the_future_is_no_time(date: str, *, is_known: bool) -> None:
    [item] = mail("a@crowdworks.jp", date)
    assert isinstance(item, OtherSiteMail)
    assert (item.time is not None) is is_known


@pytest.mark.parametrize(
    ("date", "is_known"),
    [
        ("Sun, 22 Nov 2026 23:14:05 +1400", True),
        ("Sun, 22 Nov 2026 23:15:05 +1401", False),
        ("Sat, 21 Nov 2026 19:14:05 -1400", True),
        ("Sat, 21 Nov 2026 19:13:05 -1401", False),
        ("Sun, 22 Nov 2026 18:44:05 +0930", True),
        ("Sun, 22 Nov 2026 19:14:05 +0960", False),
        ("Sun, 22 Nov 2026 10:44:05 +090", False),
        ("Sun, 22 Nov 2026 18:44:05 +930", False),
    ],
)
def test_a_zone_that_there_cannot_be_is_none(date: str, *, is_known: bool) -> None:
    """Nor is one of three digits, which could be either. In a quotation it is the same."""
    quoted = IncomingMessage("1", f"From: a@crowdworks.jp\nDate: {date}\nSubject: hello\n\ntext", (), ())
    for [item] in (mail("a@crowdworks.jp", date), parse_message(quoted, now=NOW, zone=TOKYO)):
        assert isinstance(item, OtherSiteMail)
        assert item.time == (ParsedTime(AT, Precision.SECOND) if is_known else None)


@pytest.mark.parametrize(
    ("time", "fingerprint", "of_comment", "of_unknown"),
    [
        (ParsedTime(AT, Precision.SECOND), "ab", "a1e8767b05b05436ef247d677846f3b3:05:ab", "efcfb982788d0194f84a64f7a1b9f7f8:05:ab"),
        (ParsedTime(AT, Precision.SECOND), "", "a1e8767b05b05436ef247d677846f3b3:05", "efcfb982788d0194f84a64f7a1b9f7f8:05"),
        (ParsedTime(AT, Precision.MINUTE), "", "a1e8767b05b05436ef247d677846f3b3", "efcfb982788d0194f84a64f7a1b9f7f8"),
        (ParsedTime(AT, Precision.MINUTE), "ab", "a1e8767b05b05436ef247d677846f3b3::ab", "efcfb982788d0194f84a64f7a1b9f7f8::ab"),
        (None, "", "889c429f261f23181fa32949823883cf", "b32c925588ca00144a443db97b489ac7"),
        (None, "ab", "18d50cd3e02653ba173d15468e6a6897::ab", "3590b6e40d298e9260cb8b0e3a23b241::ab"),
    ],
)  # fmt: skip
def test_the_key_of_a_mail_stays_what_it_was(
    time: ParsedTime | None, fingerprint: str, of_comment: str, of_unknown: str
) -> None:
    comment = parse_notification_subject("青空商会さんが「看板」にコメントしました")
    assert mail_key(comment, "", time, fingerprint) == of_comment
    assert mail_key(None, "Re: 看板", time, fingerprint) == of_unknown


@pytest.mark.parametrize(
    ("sender", "site"),
    [
        ("a@crowdworks.jp", "クラウドワークス"),
        ("a@mail.crowdworks.jp.", "クラウドワークス"),
        ("a@notcrowdworks.jp", None),
        ("a@crowdworks.jp via <b@example.com>", None),
        ("a@example.com via <b@crowdworks.jp>", "クラウドワークス"),
        ('"クラウドワークス"', "クラウドワークス"),
        (None, None),
    ],
)
def test_the_site_of_a_sender_is_that_of_its_last_address(sender: str | None, site: str | None) -> None:
    assert site_of_sender(sender) == site
