"""A scenario over real sockets that brings up every card once, and collects what the golden files contain."""

import asyncio
import fcntl
import json
import os
import pickle
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from bot.app import RunningBot
from bot.cli.demo.clock_driver import ClockDriver
from bot.cli.demo.environment import DEMO_START, DemoEnvironment, demo_environment
from bot.domain.types import Locale
from bot.fake_discord.api_errors import CANNOT_SEND_TO_USER
from bot.fake_discord.state import EVERYONE_PERMISSIONS, Channel, Message
from bot.fake_discord.users import FakeUser, InteractionResult, selects_of, text_of
from bot.fake_discord.validation import walk
from bot.i18n.translations import get_translations
from storage import operator_requests
from storage.connect import connect
from storage.operator_requests import RequestKind
from tests.helpers.card_text import format_card, format_form
from tests.helpers.scenarios import eml

MANAGE_WEBHOOKS: Final = 1 << 29
BUTTON, SELECT, LABEL = 2, 3, 18
EXCHANGES: Final = 14
JOBS: Final = 16
PENDING: Final = 9
ROWS: Final = ("message", "thread", "draft", "gathered")
"""The targets of selects whose options are ids of rows."""


@dataclass
class Collected:
    """What members, Discord and scripts see of the bot, with numbers replaced by N."""

    controls: set[str] = field(default_factory=set)
    options: set[str] = field(default_factory=set)
    forms: set[str] = field(default_factory=set)
    nonces: set[str] = field(default_factory=set)
    reminders: set[str] = field(default_factory=set)
    """Nonces of reminders as they were sent, and as they follow from the database."""
    deliveries: set[str] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    steps: set[str] = field(default_factory=set)
    duties: set[str] = field(default_factory=set)
    commands: list[dict[str, Any]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    backups: set[str] = field(default_factory=set)
    cards: dict[str, dict[str, str]] = field(default_factory=dict)
    """By feature: all words of a card, and what was done when it first showed."""


def normal(name: str) -> str:
    """A name with each number replaced by N."""
    return re.sub(r"[0-9]+", "N", name)


class Scenario:
    """The actions of the member Mika, each of which collects the card that answers it."""

    def __init__(
        self, behind: DemoEnvironment, bot: RunningBot, channel: Channel, seen: Collected | None = None
    ) -> None:
        self.behind = behind
        self.bot = bot
        self.hands = ClockDriver(behind.clock, bot)
        self.channel = channel
        self.mika, self.ken, self.ren = behind.users
        self.seen = seen or Collected()
        self.features: dict[int, str] = {}
        """By the id of a message: the feature that answered with it, which is the name of the golden file."""

    def at(self, hour: int, minute: int = 0, *, days: int = 0) -> datetime:
        """A time of the first day, or of another one."""
        return DEMO_START.replace(hour=hour, minute=minute) + timedelta(days=days)

    def note(self, feature: str, action: str, text: str) -> None:
        """Collect the words that an action brought up."""
        self.seen.cards.setdefault(feature, {}).setdefault(text, action)

    def shown(self, feature: str, action: str, message: Message) -> Message:
        """Collect and return the card that an action brought up."""
        self.features[message.id] = feature
        self.note(feature, action, format_card(message))
        return message

    async def use(self, name: str, **options: Any) -> Message:
        """Use a command; the bot's answer."""
        answer = await self.mika.command(name, **options)
        return self.shown(name.partition(" ")[0], f"/{name} {format_options(options)}".strip(), answer.message)

    async def hears(self) -> Message:
        """Send the receipts that wait; the bot's next direct message."""
        await self.bot.client.dm_handler.receipts.flush()
        return self.shown("recording", "(next)", await self.mika.next_bot_message())

    async def write(self, content: str, user: FakeUser | None = None) -> Message:
        """Write a line; the bot's answer."""
        user = user or self.mika
        await user.write(content)
        return self.shown("recording", content, await user.next_bot_message())

    async def forward(self, content: str, posted_at: datetime) -> Message:
        """Forward a message; the bot's answer."""
        await self.mika.forward(content, posted_at=posted_at)
        return self.shown("recording", f"(forwarded) {content}", await self.mika.next_bot_message())

    async def press(self, message: Message, end: str, *written: str) -> Message:
        """Press the first button whose custom id ends so; if that opens a form, fill it in."""
        custom_id = next((each for each in buttons_by_id(message) if each.endswith(f":{end}")), None)
        assert custom_id is not None, f"no button {end}: {text_of(message)} {list(buttons_by_id(message))}"
        answer = await self.mika.click_custom_id(message, custom_id)
        return await self._filled(message, answer, custom_id, *written)

    async def choose(self, message: Message, end: str, value: str, *written: str) -> Message:
        """Choose an option of the select whose custom id ends so; if that opens a form, fill it in."""
        select = next(each for each in selects_of(message) if each["custom_id"].endswith(f":{end}"))
        answer = await self.mika.select_values(message, select, [value])
        return await self._filled(message, answer, select["custom_id"], *written)

    async def _filled(self, message: Message, answer: InteractionResult, custom_id: str, *written: str) -> Message:
        feature, action = self.features.get(message.id, "recording"), normal(custom_id)
        if written:
            fields = [each for each in answer.modal["components"] if each["type"] == LABEL]
            shapes = " ".join("required" if each["component"]["required"] else "optional" for each in fields)
            self.seen.forms.add(f"{action} {shapes}")
            self.note(feature, action, format_form(answer.modal))
            answer = await self.mika.submit_modal(answer, *written)
            action = f"{action} ({'; '.join(written)})"
        return self.shown(feature, action, answer.message)

    async def move_to(self, instant: datetime) -> list[Message]:
        """Move the clock; the direct messages that the bot sent meanwhile."""
        self.mika.drain_bot_messages()
        await self.hands.advance_to(instant)
        messages = self.mika.drain_bot_messages()
        shapes = {shape_of_card(message): message for message in sorted(messages, key=format_card)}
        for message in shapes.values():  # those that differ in names and figures alone are one card
            self.shown("reminders", f"(until {instant:%m-%d %H:%M})", message)
        return messages


def shape_of_card(message: Message) -> str:
    """The words of a card without the names and figures in it."""
    return re.sub(r"\*\*.*?\*\*|<t:\d+:\w>| · \w+|\d+", "", format_card(message))


def format_options(options: dict[str, Any]) -> str:
    """The options of a command as a person sees them."""
    files = {name: value[0] for name, value in options.items() if isinstance(value, tuple)}
    shown = {name: getattr(value, "name", value) for name, value in options.items()}
    return " ".join(f"{name}:{value}" for name, value in (shown | files).items())


def buttons_by_id(message: Message) -> Iterator[str]:
    """The custom ids of the buttons of a message."""
    for each in walk(message.body.get("components", [])):
        if each.get("type") == BUTTON and "custom_id" in each:
            yield each["custom_id"]


def history() -> bytes:
    """A history in CSV: a year of exchanges, and threads that wait for a reply."""
    rows = ["thread,direction,sent_at"]
    for number in range(EXCHANGES):
        asked = DEMO_START - timedelta(days=340 - 24 * number)
        replied = asked + timedelta(hours=30 if number % 7 == 0 else 3)
        rows += [f"T{number % 9},received,{asked.isoformat()}", f"T{number % 9},sent,{replied.isoformat()}"]
    rows += [
        f"W{number},received,{(DEMO_START - timedelta(minutes=50 - number)).isoformat()}" for number in range(PENDING)
    ]
    return "\n".join(rows).encode()


def jobs() -> bytes:
    """Jobs in CSV, more than one page shows."""
    rows = ["date,method,category,reward,outcome,evaluation,client,count"]
    rows += [f"2026-0{1 + number % 9}-11,project,Web,{50000 + number},completed,5,,1" for number in range(JOBS)]
    return "\n".join(rows).encode()


async def play(folder: Path, locale: Locale = "ja") -> Collected:
    """Play all parts of the scenario, with members who read `locale`."""
    settings = {
        "DATABASE_URL": f"sqlite:///{folder}/nintei.db", "PICTURES": "off", "RECEIPT_WAIT": "0.05", "MAX_MEMBERS": "2",
        "BACKUP_KEEP": "1", "BACKUP_FOLDER": str(folder / "backups"),
    }  # fmt: skip
    async with demo_environment({}, get_translations(locale), "mika", "ken", "ren", **settings) as behind:
        channel = behind.discord.add_guild()
        async with behind.bot() as bot:
            scenario = Scenario(behind, bot, channel)
            await first_contact(scenario)
            await bring_along(scenario)
            await questions(scenario)
            await put_right(scenario)
            await ask_about(scenario)
            await announced(scenario)
            await what_waits(scenario)
            await by_itself(scenario)
            await collect_rows(scenario)
            await take_along(scenario)
            collect_requests(scenario)
    seen = scenario.seen
    seen.backups = {normal(each.name) for each in (folder / "backups").iterdir()}
    settings["DATABASE_URL"] = f"sqlite:///{folder}/questions.db"
    async with demo_environment({}, get_translations(locale), "mika", "ken", "ren", **settings) as behind:
        channel = behind.discord.add_guild()
        async with behind.bot() as bot:
            await questions_of_lines(Scenario(behind, bot, channel, seen))
    return seen


def play_once(locale: Locale, factory: pytest.TempPathFactory) -> Collected:
    """What `play` collects; the tests of a run, and the workers of pytest-xdist, share one play for a language."""
    folder = factory.getbasetemp()
    shared = (folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / f"cards-{locale}.pickle"
    with shared.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not shared.exists():
            shared.write_bytes(pickle.dumps(asyncio.run(play(factory.mktemp("cards"), locale))))
    collected: Collected = pickle.loads(shared.read_bytes())  # noqa: S301 — this run wrote it
    return collected


async def first_contact(scenario: Scenario) -> None:
    """A newcomer who writes, one who uses a command on a server, and one too many."""
    welcome = await scenario.write("こんにちは")
    welcome = await scenario.choose(welcome, "edition", "2016")
    welcome = await scenario.press(welcome, "timezone", "Asia/Tokyo")
    await scenario.press(welcome, "quiet-hours", "23:00-07:00")
    await scenario.ken.command("received", client="甲", channel=scenario.channel)
    scenario.shown("start", "(first command on a server)", await scenario.ken.next_bot_message())
    await scenario.write("乙様 今日 9:00", scenario.ren)


async def bring_along(scenario: Scenario) -> None:
    """Imports: one refused, two written."""
    await scenario.press(await scenario.use("import", file=("history.csv", history())), "drop")
    await scenario.press(await scenario.use("import", file=("history.csv", history())), "confirm")
    await scenario.press(await scenario.use("import", file=("jobs.csv", jobs())), "confirm")


async def questions(scenario: Scenario) -> None:
    """Messages that lack one fact: the bot asks, and the member answers."""
    subject = "制作会社Bさんからのメッセージ受信通知"
    await scenario.press(await scenario.write(subject), "time", "今日 9:30")
    await scenario.press(await scenario.write(subject.replace("B", "C")), "drop")
    invited = await scenario.forward("[ランサーズ] 仕事の招待状が届きました", scenario.at(9, 5))
    await scenario.press(invited, "start", "招待主", "招待の仕事")
    granted = "[ランサーズ] 認定ランサー認可のお知らせ"
    await scenario.press(await scenario.forward(granted, scenario.at(9, 6)), "held")
    await scenario.forward(granted, scenario.at(9, 7))  # stays open
    for job in ("一", "二"):
        await scenario.use("received", client="二つの仕事", thread=job, at="今日 9:00")
    which = await scenario.use("replied", client="二つの仕事", at="今日 9:50")
    job_button = next(each for each in buttons_by_id(which) if ":move:" in each)
    await scenario.press(which, job_button.partition(":")[2])
    for client, answer in (("終了A", "count-it"), ("終了B", "elsewhere")):
        await scenario.press(await scenario.use("received", client=client, at="11/20 9:00"), "dismiss")
        late = await scenario.use("replied", client=client)
        await scenario.press(late, answer)


async def questions_of_lines(scenario: Scenario) -> None:
    """Every question of a typed line, and of a mail with an unknown subject."""
    await scenario.write("こんにちは")
    await scenario.write("佐藤様 8:00")
    await scenario.write("Acme Inc. 8:10")
    for job in ("ロゴ", "バナー", "名刺", "看板", "地図", "チラシ"):
        await scenario.use("received", client="鈴木", thread=job, at="今日 8:20")
    await scenario.press(await scenario.write("9:30"), "drop")
    await scenario.press(await scenario.write("返信しました 9:40"), "drop")
    await scenario.press(await scenario.write("佐藤"), "drop")
    await scenario.press(await scenario.write("スタジオ海 9:31"), "new-client")
    await scenario.press(await scenario.write("海野商店に返信しました"), "drop")
    await scenario.press(await scenario.write("Acme様 9:32"), "client", "Acme Inc.", "")
    await scenario.press(await scenario.write("Acmeに返信しました"), "drop")
    await scenario.press(await scenario.write("佐藤様 11/25 9:00"), "as-read")
    await scenario.press(await scenario.write("佐藤に返信しました 11/25 9:10"), "drop")
    which = await scenario.write("鈴木さん返信不要")
    await scenario.choose(which, "move", selects_of(which)[0]["options"][0]["value"])
    await scenario.press(await scenario.write("Acme返信不要"), "drop")
    await scenario.press(await scenario.write("鈴木さんに返信しました"), "drop")
    await scenario.write("佐藤さんに返信しました")
    await scenario.press(await scenario.write("佐藤さんに返信しました"), "anyway")
    await scenario.press(await scenario.write("お世話になっております。\n先日のバナーの件、いかがでしょうか。"), "drop")
    notice = await scenario.forward("[ランサーズ] システムからの重要なご案内がございます", scenario.at(9, 33))
    await scenario.press(notice, "drop")
    await scenario.write("山田 9:34\n佐藤\n9:35\n鈴木さん返信不要")
    await scenario.hands.advance_to(scenario.at(9, 30, days=1))
    scenario.mika.drain_bot_messages()
    await scenario.press(await scenario.write("Acme Inc.に返信しました"), "at-ten-ago")


async def put_right(scenario: Scenario) -> None:
    """Every button of a receipt and of the history."""
    unsorted = await scenario.forward("いつ頃になりますか？", scenario.at(9, 40))
    await scenario.choose(unsorted, "move", "another", "スタジオB", "バナー")
    await scenario.forward("お返事をお待ちしています。", scenario.at(9, 41))
    await scenario.use("received", client="訂正", at="今日 8:30")
    receipt = await scenario.use("received", client="訂正", at="今日 9:00")
    await scenario.press(receipt, "time", "今日 9:01")
    receipt = await scenario.press(receipt, "turn")
    receipt = await scenario.press(receipt, "turn-back")
    moved = await scenario.press(receipt, "move")
    await scenario.choose(moved, "move", selects_of(moved)[0]["options"][1]["value"])
    await scenario.press(receipt, "undo")
    for day in ("11/23", "11/24"):
        await scenario.use("received", client="分割", at=f"{day} 9:59")
    page = await scenario.use("history")
    await scenario.press(await scenario.press(page, "look"), "split")
    offered = await scenario.press(await scenario.press(page, "look"), "merge")
    await scenario.choose(offered, "merge", selects_of(offered)[0]["options"][0]["value"])
    await scenario.use("received", client="最後", at="今日 9:58")
    await scenario.press(await scenario.use("history"), "show")
    await scenario.press(await scenario.use("history"), "revert")
    subjects = ("甲さんからのメッセージ受信通知", "乙さんからのメッセージ受信通知", "仕事の招待状が届きました")
    receipts = scenario.bot.client.dm_handler.receipts
    receipt_wait, receipts._wait = receipts._wait, 60.0  # however slow the machine, all three share a card
    await scenario.mika.write(files=[("mail.eml", eml(f"[ランサーズ] {each}")) for each in subjects])
    while sum(len(batch.entries) for batch in receipts._unsent.values()) < len(subjects):  # noqa: ASYNC110 — counted
        await asyncio.sleep(0)
    gathered = await scenario.hears()
    receipts._wait = receipt_wait
    await scenario.choose(gathered, "look", selects_of(gathered)[0]["options"][0]["value"])


async def ask_about(scenario: Scenario) -> None:
    """Commands that only show something, and those with which the member declares something."""
    await scenario.choose(await scenario.use("help"), "show", "badge")
    await scenario.use("start")
    await scenario.use("about")
    for view in ("rules", "detail", "forecast"):
        await scenario.use("status", view=view)
    await scenario.use("status")
    await scenario.press(await scenario.use("status", view="detail"), "show")
    await scenario.press(await scenario.use("job list"), "show")
    await scenario.use("job add", method="task", reward="100", date="2026/11/1", category="Web", count=2)
    await scenario.use("goal", category="Web", line="950,000")
    await scenario.use("calibrate", reply_rate="90", replies=40)
    profile = await scenario.use("profile", last_login="2026/11/20")
    profile = await scenario.choose(profile, "items", "photo")
    profile = await scenario.press(profile, "confirm")
    await scenario.press(profile, "logged-in")
    await scenario.use("check", client="W0")
    await scenario.use("away", **{"from": "11/25", "to": "11/27"})
    await scenario.use("fee", amount="50,000")
    settings = await scenario.use("settings", fallback=scenario.channel, digest="weekly")
    settings = await scenario.press(settings, "lead-times", "12h,4h,1h")
    settings = await scenario.press(settings, "review-day", "20")
    settings = await scenario.press(settings, "keep")
    await scenario.choose(settings, "badge", "held")
    scenario.mika.permissions = EVERYONE_PERMISSIONS | MANAGE_WEBHOOKS
    await scenario.use("inbox set", channel=scenario.channel)


async def announced(scenario: Scenario) -> None:
    """The operator's announcement, and its button."""
    scenario.mika.drain_bot_messages()
    database = await connect(scenario.behind.settings.database_url)
    try:
        async with database.write() as transaction:
            await operator_requests.add(
                transaction, RequestKind.ANNOUNCE, now=scenario.behind.clock.now(), text="Nobody is at home tonight."
            )
    finally:
        await database.close()
    await scenario.bot.operator_requests.wait_idle()
    announcement = await scenario.mika.next_bot_message()
    await scenario.press(scenario.shown("announcements", "(announced)", announcement), "stop")


async def what_waits(scenario: Scenario) -> None:
    """`/pending`, and every button of a waiting thread."""
    pending = await scenario.use("pending")
    await scenario.press(pending, "show")
    for number, end in enumerate(("now", "ten-ago", "thirty-ago", "dismiss", "later")):
        opened = await scenario.use("check", client=f"W{number}")
        await scenario.press(await scenario.press(opened, "open"), end)
    opened = await scenario.use("check", client="W5")
    await scenario.press(await scenario.press(opened, "open"), "other-time", "今日 9:59")


async def by_itself(scenario: Scenario) -> None:
    """Reminders, one that cannot be delivered, the digest, and the periodic tasks."""
    await scenario.move_to(scenario.at(10, 10, days=1))
    *_, closed = await scenario.move_to(scenario.at(7, 0, days=2))
    await scenario.press(await scenario.press(closed, "open"), "new-thread")
    await scenario.move_to(scenario.at(10, 10, days=2))
    await scenario.use("received", client="届かない", at="今日 10:09")
    closed_to = scenario.behind.discord.faults.dm_blocked
    closed_to[scenario.mika.user.id] = CANNOT_SEND_TO_USER
    await scenario.move_to(scenario.at(11, 0, days=3))
    del closed_to[scenario.mika.user.id]
    await scenario.write("戻りました様 今日 10:30")
    await scenario.hears()  # first what she missed, then the receipt
    assert await scenario.move_to(scenario.at(9, 30, days=6))


async def collect_rows(scenario: Scenario) -> None:
    """Collect stored words that are members of no enumeration."""
    database = await connect(scenario.behind.settings.database_url)
    try:
        async with database.read() as transaction:
            keys = await transaction.fetch("SELECT source, source_key FROM messages")
            steps = await transaction.fetch("SELECT what FROM changes")
            duties = await transaction.fetch("SELECT name FROM duties")
    finally:
        await database.close()
    seen = scenario.seen
    seen.keys = {f"{source} {shape}" for source, key in keys for shape in shapes_of_key(key)}
    seen.steps = {row[0] for row in steps}
    seen.duties = {row[0] for row in duties}


async def collect_deliveries(scenario: Scenario) -> None:
    """Collect the nonces that follow from the stored deliveries."""
    database = await connect(scenario.behind.settings.database_url)
    try:
        async with database.read() as transaction:
            rows = await transaction.fetch("SELECT delivery_id, created_at FROM deliveries")
    finally:
        await database.close()
    scenario.seen.deliveries |= {f"nintei-{number:x}-{created_at // 1_000_000:x}" for number, created_at in rows}


def shapes_of_key(key: str) -> set[str]:
    """A source key with each number replaced by N, and the part of it that an earlier version stored."""
    if match := re.fullmatch("[0-9a-f]{32}(?P<second>:[0-9]{2})?(?P<fingerprint>:[0-9a-f]{16})?", key):
        second, fingerprint = match["second"] and ":N", match["fingerprint"] and ":16 of 0-9a-f"
        return {"32 of 0-9a-f", f"32 of 0-9a-f{second or ''}{fingerprint or ''}"}
    return {normal(key)}


async def take_along(scenario: Scenario) -> None:
    """The export and the erasure."""
    answer = await scenario.mika.command("export")
    scenario.seen.files = answer.files
    await scenario.press(await scenario.use("erase"), "drop")
    await scenario.bot.dispatcher.wait_idle()
    await collect_deliveries(scenario)
    await scenario.press(await scenario.use("erase"), "confirm")
    scenario.seen.commands = scenario.behind.discord.state.commands


def collect_requests(scenario: Scenario) -> None:
    """Collect custom ids, options and nonces from every request of the bot."""
    seen = scenario.seen
    for request in scenario.behind.discord.requests:
        for each in dictionaries(request.body):
            custom_id = each.get("custom_id")
            if custom_id is not None and each.get("type") in {BUTTON, SELECT}:
                seen.controls.add(normal(custom_id))
            if custom_id is not None and each.get("type") == SELECT:
                seen.options |= {f"{normal(custom_id)} {each_value}" for each_value in values_of(each)}
        nonce = request.body.get("nonce") if isinstance(request.body, dict) else None
        if nonce is not None and request.path.endswith("/messages"):
            seen.nonces.add(shape_of_nonce(str(nonce)))
            if str(nonce).startswith("nintei-"):
                seen.reminders.add(str(nonce))


def dictionaries(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in a JSON value."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from dictionaries(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from dictionaries(inner)


def values_of(select: dict[str, Any]) -> Iterator[str]:
    """The values of a select's options, without the numbers of rows."""
    speaks_of = select["custom_id"].split(":")[1]
    for option in select["options"]:
        yield normal(option["value"]) if speaks_of in ROWS else option["value"]


def shape_of_nonce(nonce: str) -> str:
    """A nonce with each number replaced."""
    if re.fullmatch("[0-9a-f]{25}", nonce) and re.search("[a-f]", nonce):
        return "25 of 0-9a-f"
    if found := re.fullmatch("(fb-)?(nintei|digest)-[0-9a-f]+(-[0-9a-f]*)?", nonce):
        return f"{found[1] or ''}{found[2]}-HEX-HEX"
    return normal(nonce)


def pretty(data: bytes) -> Any:
    """The object in a JSON file."""
    return json.loads(data)
