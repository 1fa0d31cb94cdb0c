"""A scenario over real sockets that brings up every card once, and collects what the golden files contain."""

import asyncio
import fcntl
import os
import pickle
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from bot.cli.demo.environment import DEMO_START, open_demo
from bot.domain.types import Locale, MemberId
from bot.fake_discord.api_errors import CANNOT_SEND_TO_USER
from bot.fake_discord.state import EVERYONE_PERMISSIONS
from bot.fake_discord.users import selects_of
from bot.i18n.translations import get_translations
from bot.services.mail import MailOptions, MailService
from storage import messages, operator_requests
from storage.connect import connect
from storage.operator_requests import OperatorRequestKind
from tests.helpers.card_scenario import Scenario, buttons_by_id, options_of
from tests.helpers.collected import Collected, collect_deliveries, collect_requests, collect_rows, normal
from tests.helpers.scenarios import eml
from tests.helpers.servers import make_migrated_file

MANAGE_WEBHOOKS: Final = 1 << 29
EXCHANGES: Final = 14
JOBS: Final = 16
PENDING: Final = 9
FIRST_LINES: Final = {"ja": ("こんにちは", "乙様 今日 9:00"), "en": ("hello", "Otsu Inc. today 9:00")}
"""What somebody writes whose language the bot does not know, by that language: a greeting, and a message received."""


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
        "DATABASE_URL": await make_migrated_file(folder / "nintei.db"), "PICTURES": "off", "MAX_MEMBERS": "2",
        "RECEIPT_WAIT": "5", "SEND_RATE": "0", "BACKUP_KEEP": "1", "BACKUP_FOLDER": str(folder / "backups"),
    }  # fmt: skip
    async with open_demo({}, get_translations(locale), "mika", "ken", "ren", **settings) as behind:
        channel = behind.discord.add_guild()
        async with behind.running_bot() as bot:
            scenario = Scenario(behind, bot, channel)
            await first_contact(scenario)
            await bring_along(scenario)
            await questions(scenario)
            await put_right(scenario)
            await ask_about(scenario)
            await announced(scenario)
            await what_waits(scenario)
            await by_itself(scenario)
            await collect_rows(scenario.seen, settings["DATABASE_URL"])
            await take_along(scenario)
            collect_requests(scenario.seen, behind.discord.requests)
    seen = scenario.seen
    seen.backups = {normal(each.name) for each in (folder / "backups").iterdir()}
    settings["DATABASE_URL"] = await make_migrated_file(folder / "questions.db")
    async with open_demo({}, get_translations(locale), "mika", "ken", "ren", **settings) as behind:
        channel = behind.discord.add_guild()
        async with behind.running_bot() as bot:
            await questions_of_lines(Scenario(behind, bot, channel, seen))
    settings["DATABASE_URL"] = await make_migrated_file(folder / "contracts.db")
    async with open_demo({}, get_translations(locale), "mika", "ken", "ren", **settings) as behind:
        channel = behind.discord.add_guild()
        async with behind.running_bot() as bot:
            await contracts_and_sites(Scenario(behind, bot, channel, seen))
    settings |= {
        "DATABASE_URL": await make_migrated_file(folder / "mail.db"),
        "MAIL_ADDRESS": "box@example.jp",
        "MAIL_LMTP": f"unix:{folder}/lmtp",
    }
    async with open_demo({}, get_translations(locale), "mika", "ken", "ren", **settings) as behind:
        channel = behind.discord.add_guild()
        async with behind.running_bot() as bot:
            await mails(Scenario(behind, bot, channel, seen))
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
    greeting, line = FIRST_LINES[scenario.behind.settings.defaults.locale]
    welcome = await scenario.write(greeting)
    welcome = await scenario.press(welcome, "edition:2024")
    welcome = await scenario.press(welcome, "edition:2016")
    for number in (1, 2, 3):
        guide = await scenario.press(welcome, f"arrival:{number}")
        welcome = await scenario.press(guide, f"start:{number}:show")
    await scenario.ken.command("received", client="甲", channel=scenario.channel)
    scenario.shown("start", "(first command on a server)", await scenario.ken.next_bot_message())
    await scenario.write(line, scenario.ren)


async def bring_along(scenario: Scenario) -> None:
    """Imports: one refused, two written."""
    await scenario.press(await scenario.use("import", file=("history.csv", history())), "drop")
    await scenario.press(await scenario.use("import", file=("history.csv", history())), "confirm")
    offer = await scenario.drop("jobs.csv", jobs())
    button = next(each for each in buttons_by_id(offer) if ":take:" in each)
    await scenario.press(offer, button.partition(":")[2])
    await scenario.drop("jobs.csv", jobs())
    await scenario.drop("jobs.csv", jobs() + b"\nsomeday,project,Web,1,completed,5,,1")
    await scenario.drop("photo.png", b"no picture")


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
    await scenario.mika.command("help")  # which shows the bot her locale
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
    await scenario.press(await scenario.write("海山"), "received-now")
    await scenario.press(await scenario.write("佐藤さんから昨日連絡"), "drop")
    await scenario.press(await scenario.write("佐藤さんに昨日返信しました"), "drop")
    await scenario.press(await scenario.write("佐藤 昨日"), "drop")
    await scenario.use("received", client="期限切れ", at="11/20 9:00")
    await scenario.hands.advance_to(scenario.at(10, 1))  # so that this is the latest question
    await scenario.forward("いつ頃になりますか？", scenario.at(9, 40))
    await scenario.press(await scenario.write("北村"), "new-client")
    await scenario.hands.advance_to(scenario.at(10, 2))
    await scenario.forward("いつ頃になりますか。", scenario.at(9, 41))
    await scenario.write("Acme")
    await scenario.hands.advance_to(scenario.at(9, 30, days=1))
    scenario.mika.drain_bot_messages()
    await scenario.press(await scenario.write("Acme Inc.に返信しました"), "at-ten-ago")


async def put_right(scenario: Scenario) -> None:
    """Every correction of a receipt, and every button of the history."""
    unsorted = await scenario.forward("いつ頃になりますか？", scenario.at(9, 40))
    await scenario.choose(unsorted, "move", "another", "スタジオB", "バナー")
    await scenario.forward("お返事をお待ちしています。", scenario.at(9, 41))
    await scenario.use("received", client="訂正", at="今日 8:30")
    receipt = await scenario.use("received", client="訂正", at="今日 9:00")
    receipt = await scenario.press(await scenario.press(receipt, "correct"), "time", "今日 9:01")
    receipt = await scenario.press(await scenario.press(receipt, "correct"), "time", "今日 9:01")  # changes nothing
    receipt = await scenario.press(await scenario.press(receipt, "correct"), "turn")
    receipt = await scenario.press(await scenario.press(receipt, "correct"), "turn-back")
    receipt = await scenario.press(await scenario.press(receipt, "correct"), "back")
    for mark in ("contract", "contract-end", "other-site", "on-lancers"):
        receipt = await scenario.press(await scenario.press(receipt, "correct"), mark)
    receipt = await scenario.press(await scenario.press(receipt, "correct"), "client", "訂正", "新しい仕事")
    menu = await scenario.press(receipt, "correct")
    await scenario.choose(menu, "move", selects_of(menu)[0]["options"][1]["value"])
    number = next(buttons_by_id(receipt)).split(":")[2]
    moved = (await scenario.mika.click_custom_id(receipt, f"press:message:{number}:move")).message
    scenario.shown("recording", "(a button of a former version)", moved)
    receipt = await scenario.choose(moved, "move", selects_of(moved)[0]["options"][1]["value"])
    await scenario.press(await scenario.press(receipt, "undo"), "restore")
    await scenario.forward("ありがとうございました。今後ともよろしくお願いいたします。", scenario.at(9, 42))
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
    await scenario.mika.write(files=[("mail.eml", eml(f"[ランサーズ] {each}")) for each in subjects])
    gathered = await scenario.hears()
    await scenario.choose(gathered, "look", selects_of(gathered)[0]["options"][0]["value"])


async def contracts_and_sites(scenario: Scenario) -> None:
    """Threads under contract and on another site, 連絡催促, and the questions of such mails."""
    await scenario.mika.command("help")  # which shows the bot her locale
    await scenario.use("received", client="契約", at="11/22 9:00", thread="ロゴ")
    marked = await scenario.use("received", client="待機", at="今日 9:00")
    marked = await scenario.press(await scenario.press(marked, "correct"), "contract")
    await scenario.press(marked, "now")
    began = await scenario.forward("[ランサーズ] 契約が成立しました", scenario.at(9, 30))
    job = next(each for each in buttons_by_id(began) if ":move:" in each)
    await scenario.press(began, job.partition(":")[2])
    asked = await scenario.forward("[ランサーズ] 連絡催促の申請を受け付けました", scenario.at(9, 31))
    await scenario.press(asked, "contract")
    asked = await scenario.forward("[ランサーズ] 連絡催促を終了しました", scenario.at(9, 32))
    request = await scenario.press(asked, "contact-request")
    await scenario.press(request, "contacted")
    asked = await scenario.write("[ランサーズ] 連絡催促のお知らせ")
    request = await scenario.press(asked, "at-now")
    job = next(each for each in buttons_by_id(request) if ":move:" in each)
    await scenario.press(request, job.partition(":")[2])
    other = eml("新着メッセージ").replace(b"noreply@lancers.co.jp", b"no-reply@crowdworks.jp")
    elsewhere = await scenario.press(await scenario.drop("m.eml", other), "other-site", "よその社", "")
    await scenario.press(await scenario.press(elsewhere, "correct"), "on-lancers")
    await scenario.drop("n.eml", other.replace(b"09:12:34", b"09:14:34"))
    await scenario.use("pending")
    for client in ("契約", "待機", "よその社"):
        await scenario.use("check", client=client)
    await scenario.use("away", **{"from": "11/25", "to": "12/3"})
    for day in range(1, 9):
        await scenario.move_to(scenario.at(10, 0, days=day))
    await scenario.use("pending")


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
    await scenario.use("job add", method="task", reward="100", date="2026/11/1", category="ライティング", count=2)
    await scenario.use("goal", category="Web", line="950,000")
    await scenario.use("goal", category="ライティング", line="50,055")
    await scenario.use("calibrate", reply_rate="90", replies=40)
    profile = await scenario.use("profile", last_login="2026/11/20")
    profile = await scenario.choose(profile, "items", "photo")
    profile = await scenario.press(profile, "confirm")
    await scenario.press(profile, "logged-in")
    profile = await scenario.choose(profile, "rank-items", "introduction_length")
    await scenario.choose(profile, "rank", "silver")
    await scenario.use("check", client="W0")
    await scenario.use("away", **{"from": "11/25", "to": "11/27"})
    await scenario.use("fee", amount="50,000")
    settings = await scenario.use("settings", fallback=scenario.channel, digest="weekly")
    settings = await scenario.press(settings, "lead-times", "12h,4h,1h")
    settings = await scenario.press(settings, "review-day", "20")
    settings = await scenario.press(settings, "keep")
    await scenario.choose(settings, "badge", "held")
    await scenario.use("settings", edition="2024")
    await scenario.use("status")
    await scenario.use("settings", edition="2016", rank="default")
    await scenario.use("calibrate", on="10/31", completion_rate="95", evaluation="4.9", earnings="900,000")
    await scenario.use("status")
    scenario.mika.permissions = EVERYONE_PERMISSIONS | MANAGE_WEBHOOKS
    await scenario.use("inbox set", channel=scenario.channel)


async def announced(scenario: Scenario) -> None:
    """The operator's announcement, and its button."""
    scenario.mika.drain_bot_messages()
    database = await connect(scenario.behind.settings.database_url)
    try:
        async with database.write() as transaction:
            await operator_requests.add_operator_request(
                transaction,
                OperatorRequestKind.ANNOUNCE,
                now=scenario.behind.clock.now(),
                text="Nobody is at home tonight.",
            )
    finally:
        await database.close()
    await scenario.bot.operator_requests.wait_idle()
    announcement = await scenario.mika.next_bot_message()
    await scenario.press(scenario.shown("announcements", "(announced)", announcement), "stop")


async def what_waits(scenario: Scenario) -> None:
    """`/pending`, and every button of a waiting thread."""
    pending = await scenario.use("pending")
    oldest, *_ = options_of(pending, "open")
    answer = await scenario.press(await scenario.choose(pending, "open", oldest), "now")
    chooser = await scenario.press(await scenario.press(answer, "revert"), "several")
    await scenario.press(await scenario.choose(chooser, "dismiss", options_of(chooser, "dismiss")[0]), "revert")
    for number, end in enumerate(("now", "ten-ago", "thirty-ago", "dismiss")):
        opened = await scenario.use("check", client=f"W{number}")
        await scenario.press(await scenario.press(opened, "open"), end)
    opened = await scenario.use("check", client="W4")
    window = await scenario.press(opened, "open")
    for choice in ("half-hour", "two-hours", "tomorrow-morning", "back"):
        window = await scenario.press(await scenario.press(window, "snooze"), choice)
    opened = await scenario.use("check", client="W5")
    await scenario.press(await scenario.press(opened, "open"), "other-time", "今日 9:59")
    await scenario.use("mute")
    await scenario.press(await scenario.use("mute", client="W7"), "unmute")
    await scenario.use("mute", client="W8")
    await scenario.use("mute")
    chooser = await scenario.press(await scenario.use("pending"), "several")
    _, _, *others = options_of(chooser, "dismiss")
    few = await scenario.mika.select_values(chooser, selects_of(chooser)[0], others)
    await scenario.press(scenario.shown("pending", "(all but two dismissed)", few.message), "revert")


async def by_itself(scenario: Scenario) -> None:
    """Reminders, one that cannot be delivered, the digest, and the periodic tasks."""
    await scenario.move_to(scenario.at(10, 10, days=1))
    *_, closed = await scenario.move_to(scenario.at(7, 0, days=2))
    await scenario.press(await scenario.choose(closed, "open", options_of(closed, "open")[0]), "new-thread")
    await scenario.move_to(scenario.at(10, 10, days=2))
    await scenario.use("received", client="届かない", at="今日 10:09")
    closed_to = scenario.behind.discord.faults.dm_blocked
    closed_to[scenario.mika.user.id] = CANNOT_SEND_TO_USER
    await scenario.move_to(scenario.at(11, 0, days=3))
    del closed_to[scenario.mika.user.id]
    await scenario.write("戻りました様 今日 10:30")
    await scenario.hears()  # first what she missed, then the receipt
    assert await scenario.move_to(scenario.at(9, 30, days=6))


async def mark_as_unconfirmed(scenario: Scenario) -> None:
    """A mail arrived for the member, and their newest message counts as recorded from it."""
    services, now = scenario.bot.client.services, scenario.behind.clock.now()
    mail = MailService(services.mail._transactions, MailOptions("box@example.jp", b"key"))
    member_id = MemberId(scenario.mika.user.id)
    arrived = await mail.note_arrival(
        await mail.get_or_create_address(member_id, now=now), "path", "recipient", now=now
    )
    await mail.count_mail(member_id, now=now)
    assert arrived is not None
    async with mail._database.read() as transaction:
        newest = await messages.find_highest_message_id(transaction, member_id)
    await mail.mark_unconfirmed(member_id, newest, arrived.path.id)


async def mails(scenario: Scenario) -> None:
    """`/mail` with a mailbox of the operator."""
    card = await scenario.use("mail")
    for number in range(1, 6):
        guide = await scenario.press(card, f"mailbox:{number}")
        card = await scenario.press(guide, "mailbox:0")
    await scenario.press(await scenario.press(card, "mailbox:4"), "test")
    await scenario.press(await scenario.press(await scenario.use("mail"), "pause"), "resume")
    await scenario.press(await scenario.press(await scenario.use("mail"), "new-address"), "new-address:1")
    await scenario.press(await scenario.press(await scenario.use("mail"), "remove-address"), "remove-address:1")


async def take_along(scenario: Scenario) -> None:
    """The export and the erasure."""
    await mark_as_unconfirmed(scenario)
    answer = await scenario.mika.command("export")
    scenario.seen.files = answer.files
    await scenario.press(await scenario.use("erase"), "drop")
    await scenario.bot.dispatcher.wait_idle()
    await collect_deliveries(scenario.seen, scenario.behind.settings.database_url)
    await scenario.press(await scenario.use("erase"), "confirm")
    scenario.seen.commands = scenario.behind.discord.state.commands
