"""What the doctor says of the mailbox of a real server."""

import asyncio
from dataclasses import replace

import pytest

from bot.i18n.translations import get_translations
from bot.mail.imap_session import ImapAccount, ImapSession
from bot.mail.mailbox_session import MailboxFault
from bot.ops.checks.mail import check_mailbox
from bot.settings import MailSettings, read_settings
from tests.helpers.dovecot import PASSWORD, USER, needs_dovecot, running_dovecot


@pytest.mark.parametrize("fault", sorted(set(MailboxFault) - {MailboxFault.IDLE_UNANSWERED}))
def test_each_fault_has_a_sentence(fault: MailboxFault) -> None:
    for locale in ("ja", "en"):
        text = get_translations(locale)(f"doctor-mailbox-{fault}", address="mail.example.jp:993", user="box")
        assert "example" in text or "box" in text


async def test_without_a_mailbox_nothing_is_said() -> None:
    assert await check_mailbox(read_settings({}).mail) is None


@needs_dovecot[0]
@needs_dovecot[1]
async def test_what_waits_and_what_failed_is_named() -> None:
    with running_dovecot() as server:
        settings = MailSettings(
            address="box@example.jp",
            imap_host=("localhost", server.port),
            imap_user=USER,
            imap_password=PASSWORD,
            imap_ca_file=server.ca_file,
            lmtp=None,
            trusted_domains=(),
        )

        async def said(settings: MailSettings) -> tuple[str, object, object]:
            result = await check_mailbox(settings)
            assert result is not None
            return result.message_id, result.params.get("waiting"), result.params.get("failed")

        await asyncio.to_thread(server.deliver, b"Subject: one\r\n\r\n", b"Subject: two\r\n\r\n")
        assert await said(settings) == ("doctor-mailbox-fine", 2, 0)
        account = ImapAccount(host="localhost", port=server.port, user=USER, password=PASSWORD, ca_file=server.ca_file)
        session = ImapSession(account)
        await asyncio.to_thread(session.open)
        await asyncio.to_thread(session.move_to_failed, 1)
        await asyncio.to_thread(session.close)
        assert await said(settings) == ("doctor-mailbox-failed", 1, 1)
        assert (await said(replace(settings, imap_password="wrong")))[0] == "doctor-mailbox-password"
        assert (await said(replace(settings, imap_ca_file=None)))[0] == "doctor-mailbox-certificate"
        await asyncio.to_thread(server.stop)
        assert (await said(settings))[0] == "doctor-mailbox-away"
