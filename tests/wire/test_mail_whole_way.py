"""The whole way of a mail: a mail server's LMTP, Dovecot, the bot, and a direct message on the fake Discord."""

import asyncio
import re
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime

from tests.helpers.dovecot import PASSWORD, USER, needs_dovecot, running_dovecot
from tests.helpers.stage import Stage
from tests.helpers.wording import says

pytestmark = needs_dovecot


async def test_from_slash_mail_to_the_receipt(stage: Stage) -> None:
    with running_dovecot() as server:
        stage.environ |= {
            "MAIL_ADDRESS": f"{USER}@example.jp",
            "MAIL_IMAP_HOST": f"localhost:{server.port}",
            "MAIL_IMAP_USER": USER,
            "MAIL_IMAP_PASSWORD": PASSWORD,
            "MAIL_IMAP_CA_FILE": str(server.ca_file),
        }
        async with stage.open_bot():
            guide = await stage.mika.click((await stage.mika.command("mail")).message, says("mail-box-gmail"))
            found = re.search(rf"{USER}\+[a-z2-7]{{20}}@example\.jp", guide.text)
            assert found is not None
            mail = EmailMessage()
            mail["From"], mail["To"] = "noreply@lancers.co.jp", "mika@example.com"
            mail["Subject"] = "[ランサーズ] 制作会社A さんから ロゴ制作 のコメントが届いています"
            mail["Date"] = format_datetime(stage.clock.now() - timedelta(minutes=5))
            mail.set_content("本文")
            await asyncio.to_thread(server.deliver, mail.as_bytes(), recipient=found[0])
            receipt = await stage.mika.next_bot_message()
            assert "制作会社A" in str(receipt.body)
            async with asyncio.timeout(20):
                while await asyncio.to_thread(server.folders):  # noqa: ASYNC110 — the mailbox belongs to another process
                    await asyncio.sleep(0.1)
        assert len(await stage.rows("SELECT 1 FROM messages")) == 1
