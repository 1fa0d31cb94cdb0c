"""What members do while the bot is killed: forward, import, answer, snooze, undo, edit, erase, and mails of theirs arrive.

Reminders fall due within seconds.
"""

import asyncio
import random
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.fake_discord.state import Channel, Message, User
from bot.fake_discord.users import FakeUser, InteractionResult, InvalidUserActionError, buttons_of, selects_of, text_of
from bot.fake_discord.validation import walk_components
from storage.discord_ids import message_id_at
from tests.crash.arriving import MAILBOX, History, Mail, hand_over, history, mail
from tests.helpers.wording import says, shows

LEADS = (timedelta(), timedelta(hours=1), timedelta(hours=4), timedelta(hours=12))
"""None: the window closes; the others are the operator's default lead times."""

ACTIONS = {"forward": 4, "reminder": 4, "receipt": 3, "mail": 1, "import": 1, "command": 1, "erase": 0.4}
"""What members do, and how often."""

WINDOW = timedelta(hours=24)
SETTLING = 2_000 << 22
"""Two seconds as a difference of Discord's ids: what was on its way when its member was erased arrives within them."""

RECORD = re.compile(r"press:message:(\d+):")
WINDOW_ID = re.compile(r"press:window:(\d+):")
REMOVED = 0
"""Stands for a window whose message is not recorded any more: no record has this number."""

GUIDE = "press:mail:0:mailbox:1"
ADDRESS = re.compile(MAILBOX.replace("@", r"\+[a-z2-7]{20}@"))


def posted_windows(body: dict[str, Any]) -> set[int]:
    """The windows of a reminder as the bot asked Discord to post it.

    A window that was answered while its reminder was being sent is shown as answered: the button that undoes that
    names the reply, which is of the same thread. One whose message was undone meanwhile is shown as removed, without
    any button: `REMOVED`.
    """
    posted = Message(id=0, channel=Channel(id=0, type=1), author=User(0, ""), body=body)
    removed = {REMOVED} if shows(text_of(posted), "shown-removed") else set()
    return ids(WINDOW_ID, posted) | ids(RECORD, posted) | removed


def ids(pattern: re.Pattern[str], message: Message) -> set[int]:
    """The rows that a message's buttons name."""
    return {int(found[1]) for custom_id in custom_ids(message) if (found := pattern.match(custom_id))}


def custom_ids(message: Message) -> list[str]:
    """Those of a message's buttons; an option that names a record or a window counts as one."""
    there = list(walk_components(message.body.get("components", [])))
    selects = [each for each in there if str(each.get("custom_id")).startswith(("choose:gathered:", "choose:window:"))]
    records = [option["value"].replace("-", ":") for each in selects for option in each["options"]]
    return [each["custom_id"] for each in there if "custom_id" in each] + [
        f"press:{record if ':' in record else f'window:{record}'}:look" for record in records
    ]


@dataclass
class Member:
    """One person, and what the bot has acknowledged to them."""

    person: FakeUser
    choices: random.Random
    windows_by_nonce: dict[str, set[int]]
    """The windows of every reminder as it was posted: a card loses its buttons when its window ends."""
    sockets: list[str]
    """Where the processes take mails."""
    mail_address: str | None = None
    mails: list[Mail] = field(default_factory=list)
    """Each that was accepted must be recorded once, or erased."""
    histories: list[History] = field(default_factory=list)
    """Each must be recorded as a whole or not at all, and as a whole if that was acknowledged."""
    unfinished: History | None = None
    """The bot has not said that it is recorded: it is imported once more."""
    forwarded: dict[int, int] = field(default_factory=dict)
    """The originals that were forwarded, and the messages that did it: each must be recorded in the end, or erased."""
    erased_up_to: int = 0
    """Nothing up to this message may be recorded."""
    acknowledged_erasure: int = 0
    """Up to this message the bot has acknowledged an erasure."""
    erasures: int = 0
    """Those that were acknowledged."""
    undone: set[int] = field(default_factory=set)
    """Records whose undoing was acknowledged."""
    perhaps_undone: set[int] = field(default_factory=set)
    """Records whose undoing was asked for, and the bot died before it answered."""
    replied: set[int] = field(default_factory=set)
    """Records of button presses that were acknowledged."""
    pressed: int = 0
    """Presses that were answered."""

    @property
    def acknowledged(self) -> set[int]:
        """Every record that a receipt showed, those that were undone apart."""
        shown: set[int] = set()
        for message in self.messages():
            shown |= ids(RECORD, message)
        return (shown | self.replied) - self.undone - self.perhaps_undone

    def when_shown(self, record: int) -> str:
        """By which messages a record was shown, and how long after the member's last erasure."""
        showing = [each for each in self.messages() if record in ids(RECORD, each)]
        return (
            ", ".join(
                f"by {each.id}, {((each.id - self.erased_up_to) >> 22) / 1000:.1f} s after the last erasure"
                if self.erased_up_to
                else f"by {each.id}"
                for each in showing
            )
            or "by the answer to a press"
        )

    def messages(self) -> list[Message]:
        """What the member sees from after their last erasure."""
        return [each for each in self.person.visible_messages() if each.id > self.erased_up_to + SETTLING]

    def reminders(self, *, erased: bool = False) -> list[Message]:
        """The reminders that came since the last erasure, or all."""
        since = 0 if erased else self.erased_up_to + SETTLING
        return [each for each in self.person.bot_messages() if each.id > since and self.mentions(each)]

    def mentions(self, message: Message) -> set[int]:
        """The windows that a reminder shows, or showed before it was edited, by the ids of their oldest messages."""
        nonce = str(message.body.get("nonce"))
        if not nonce.startswith("nintei-"):
            return set()
        return ids(WINDOW_ID, message) | self.windows_by_nonce.get(nonce, set())

    def forget(self, erased_up_to: int) -> None:
        """The member was erased."""
        self.erased_up_to = max(erased_up_to, self.erased_up_to)
        for acknowledged in (self.undone, self.perhaps_undone, self.replied):
            acknowledged.clear()

    async def live(self) -> None:
        """Do one thing after the other until the bot dies."""
        while True:
            try:
                await self._act()
            except (InvalidUserActionError, TimeoutError):
                pass
            await asyncio.sleep(self.choices.uniform(0, 0.15))

    async def _act(self) -> None:
        match self.choices.choices([*ACTIONS], [*ACTIONS.values()])[0]:
            case "forward":
                await self.forward()
            case "reminder":
                await self._answer_reminder()
            case "receipt":
                await self._put_right()
            case "mail":
                await self._receive_mail()
            case "import":
                await self._import()
            case "erase":
                await self._erase()
            case _:
                # Of an import that is rolled back later, `/history` shows what is there until then.
                names = ["status", "pending", "help", "erase", *([] if self.unfinished else ["history"])]
                await self.person.command(self.choices.choice(names))

    async def forward(self) -> None:
        """Forward a message, some of whose reminders fall due within seconds."""
        message = await self.person.forward("本文", posted_at=self._received_at())
        self.forwarded[int(message.body["message_reference"]["message_id"])] = message.id

    def _received_at(self) -> datetime:
        """When a message came, one of whose reminders falls due within seconds."""
        due_in = timedelta(seconds=self.choices.uniform(0.3, 5))
        return datetime.now(UTC) - WINDOW + self.choices.choice(LEADS) + due_in

    async def _receive_mail(self) -> None:
        """A mail comes; it is handed over with those that no process has accepted yet."""
        if self.mail_address is None:
            self.mail_address = await self._ask_for_address()
        self.mails.append(mail(message_id_at(datetime.now(UTC)), self._received_at(), self.mail_address))
        await self.hand_mails_over()

    async def hand_mails_over(self) -> None:
        """Hand over to one process all that no process has accepted yet, as a mail server does."""
        await hand_over([each for each in self.mails if not each.accepted], self.choices.choice(self.sockets))

    async def _ask_for_address(self) -> str:
        """A guide has the address."""
        card = await self.person.command("mail")
        found = ADDRESS.search((await self.person.click_custom_id(card.message, GUIDE)).text)
        if found is None:
            raise InvalidUserActionError("the guide has no address")
        return found[0]

    async def _import(self) -> None:
        """Import the history whose import was not acknowledged, or another one."""
        if self.unfinished is None:
            self.unfinished = history(message_id_at(datetime.now(UTC)), self._received_at())
            self.histories.append(self.unfinished)
        answer = await self.person.command("import", file=("history.csv", self.unfinished.content))
        if not shows(answer.text, "import-nothing"):
            answer = await self.person.click(answer.message, says("action-confirm"))
        if shows(answer.text, "import-nothing") or shows(answer.text, "import-done"):
            self.unfinished.acknowledged = True
            self.unfinished = None

    async def _erase(self) -> None:
        self.mail_address = self.unfinished = None
        answer = await self.person.click((await self.person.command("erase")).message, says("action-confirm"))
        if shows(answer.text, "erase-done"):
            self.acknowledged_erasure = answer.interaction.id
            self.erasures += 1
            self.forget(answer.interaction.id)

    async def _answer_reminder(self) -> None:
        reminders = self.reminders()
        if not reminders:
            return
        message = self.choices.choice(reminders[-6:])
        wanted = self.choices.choice(["now", "ten-ago", "dismiss", "new-thread", "later"])
        buttons = [each for each in custom_ids(message) if each.endswith(f":{wanted}")]
        if not buttons:
            return
        answer = await self.person.click_custom_id(message, self.choices.choice(buttons))
        self.pressed += 1
        self.replied |= self._recorded(answer)

    def _recorded(self, answer: InteractionResult) -> set[int]:
        return set() if answer.interaction.original is None else ids(RECORD, answer.message)

    async def _put_right(self) -> None:
        receipts = [each for each in self.messages() if ids(RECORD, each)]
        if not receipts:
            return
        message = self.choices.choice(receipts[-8:])
        if gathered := [each for each in selects_of(message) if each["custom_id"].startswith("choose:gathered:")]:
            label = self.choices.choice(gathered[0]["options"])["label"]
            message = (await self.person.select_option(message, label)).message
            if not ids(RECORD, message):  # it was undone before
                return
        # A card may name several records, a receipt whose window was answered for example: the button says which.
        number = self.choices.choice(sorted(ids(RECORD, message)))
        if self.choices.random() < 0.5:
            undo = [each for each in custom_ids(message) if each.startswith(f"press:message:{number}:undo")]
            if not undo:
                return
            # Asked for before, it may have been done by one that died before it said so.
            unsure = number in self.perhaps_undone
            self.perhaps_undone.add(number)
            answer = await self.person.click_custom_id(message, undo[0])
            self.pressed += 1
            # Another process may have edited the card already, to what it shows of a record that is gone.
            undone = any(shows(answer.text, text_id) for text_id in ("receipt-undone", "shown-removed"))
            if undone or number not in ids(RECORD, answer.message):
                self.undone.add(number)
            if not unsure or number in self.undone:
                self.perhaps_undone.discard(number)
        elif says("action-correct") in buttons_of(message):
            form = await self.person.click_custom_id(message, f"press:message:{number}:time")
            if form.kind == 9:
                await self.person.submit_modal(form, f"{self.choices.randint(1, 20)}時間前")
                self.pressed += 1
