"""Files in the direct message: each is taken for what it is, offered for import, or answered with a sentence."""

import io
import zipfile
from collections.abc import Callable
from email.message import EmailMessage

import pytest

from bot.fake_discord.state import Message
from bot.fake_discord.users import buttons_of, text_of
from bot.parsing.history_csv import HISTORY_COLUMNS
from bot.parsing.jobs_csv import JOB_COLUMNS
from bot.services.data_transfer import ImportKind
from tests.helpers.amounts import others_slow
from tests.helpers.scenarios import eml, stamp
from tests.helpers.stage import Stage
from tests.helpers.wording import says, shows


@pytest.fixture
def up(shared: Stage) -> Stage:
    """Most tests here begin alike, and none sees what another did."""
    return shared


SUBJECT = "制作会社{name}さんからのメッセージ受信通知"
HISTORY = (
    b"thread,direction,sent_at\nA,received,2026-11-20T10:00\nA,sent,2026-11-20T12:00\nB,received,2026-11-24T09:00\n"
)
JOBS = b"date,method,category,reward,outcome,evaluation\n2026-10-11,project,Web,50000,completed,5\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(24)
LARGE = 26 * 1024 * 1024
IMPORT = says("action-take")


def zipped(files: dict[str, bytes]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return whole.getvalue()


def mbox(*mails: bytes) -> bytes:
    return b"".join(b"From MAILER-DAEMON Tue Nov 24 09:12:34 2026\n" + mail + b"\n" for mail in mails)


def mail_of(name: str) -> bytes:
    return eml(SUBJECT.format(name=name))


def many_mails(count: int) -> list[bytes]:
    return [
        eml(SUBJECT.format(name=number), date=f"Mon, 23 Nov 2026 09:{number % 60:02}:{number // 60:02} +0900")
        for number in range(count)
    ]


async def records(stage: Stage) -> int:
    [[count]] = await stage.rows("SELECT count(*) FROM messages")
    return int(count)


async def drop(stage: Stage, *files: tuple[str, bytes], content: str = "") -> Message:
    await stage.mika.write(content, files=files)
    return await stage.mika.next_bot_message()


@pytest.mark.others_on_sqlite
@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("notice.eml", mail_of("A")),
        ("NOTICE.EML", mail_of("A")),
        ("notices.mbox", mbox(mail_of("A"))),
        ("notices.zip", zipped({"a.eml": mail_of("A")})),
        ("notices.zip", zipped({"mails/a.mbox": mbox(mail_of("A"))})),
        ("message.txt", "制作会社A様 今日 9:12".encode()),
        ("message.txt", mail_of("A")),
    ],
)
async def test_mails_and_texts_are_recorded_at_once(up: Stage, name: str, data: bytes) -> None:
    answer = await drop(up, (name, data))
    assert "制作会社A" in text_of(answer)
    assert stamp(up, 9, 12)[:-6] in text_of(answer)
    assert IMPORT not in buttons_of(answer)
    assert await records(up) == 1


@pytest.mark.both_engines
@pytest.mark.parametrize(
    ("name", "data", "kind", "rows"),
    others_slow(
        [
            ("history.csv", HISTORY, ImportKind.HISTORY, 3),
            ("履歴.CSV", HISTORY, ImportKind.HISTORY, 3),
            ("history.tsv", HISTORY.replace(b",", b"\t"), ImportKind.HISTORY, 3),
            ("history.txt", HISTORY, ImportKind.HISTORY, 3),
            ("jobs.csv", JOBS, ImportKind.JOBS, 1),
            ("both.zip", zipped({"history.csv": HISTORY, "jobs.csv": JOBS}), ImportKind.SEVERAL, 4),
            ("mixed.zip", zipped({"history.csv": HISTORY, "a.eml": mail_of("Z")}), ImportKind.SEVERAL, 4),
            ("texts.zip", zipped({"履歴.txt": HISTORY, "a.eml": mail_of("Z")}), ImportKind.SEVERAL, 4),
            (
                "many.zip",
                lambda: zipped({f"{n}.eml": each for n, each in enumerate(many_mails(60))}),
                ImportKind.SEVERAL,
                60,
            ),
            ("many.mbox", lambda: mbox(*many_mails(60)), ImportKind.MAILS, 60),
        ]
    ),
)
async def test_what_is_more_than_a_few_mails_is_offered_and_imported_by_one_press(
    up: Stage, name: str, data: bytes | Callable[[], bytes], kind: ImportKind, rows: int
) -> None:
    data = data if isinstance(data, bytes) else data()
    offer = await drop(up, (name, data))
    assert shows(text_of(offer), "import-offer", kind=kind, count=rows)
    assert list(buttons_of(offer)) == [IMPORT]
    assert await records(up) == 0
    done = await up.mika.click(offer, IMPORT)
    assert done.message is offer
    jobs = 1 if b"jobs.csv" in data or kind is ImportKind.JOBS else 0
    assert shows(done.text, "import-done", messages=rows - jobs, jobs=jobs)
    assert buttons_of(done.message) == {}
    assert await records(up) == rows - jobs


async def test_an_import_by_press_is_undone_as_any_other(up: Stage) -> None:
    await up.mika.click(await drop(up, ("history.csv", HISTORY)), IMPORT)
    await up.mika.click((await up.mika.command("history")).message, says("action-revert"))
    assert await records(up) == 0


async def test_the_export_of_another_account_is_taken_back(up: Stage) -> None:
    ken = up.discord.add_user("ken")
    await ken.command("received", client="制作会社A", at="今日 9:00")
    exported = (await ken.command("export")).files["nintei.json"]
    offer = await drop(up, ("nintei.json", exported))
    assert shows(text_of(offer), "import-offer", kind="export", count=1)
    await up.mika.click(offer, IMPORT)
    assert "制作会社A" in (await up.mika.command("pending")).text


async def test_an_export_without_new_rows_brings_the_profile_and_settings(up: Stage) -> None:
    """Of a member who records no messages, or who imported the tables of the export first."""
    ken = up.discord.add_user("ken")
    await ken.command("goal", category="Web", line="100万")
    await ken.command("settings", announcements=False)
    exported = (await ken.command("export")).files["nintei.json"]
    waiting = await up.mika.command("import", file=("nintei.json", exported))
    offer = await drop(up, ("nintei.json", exported))
    assert shows(text_of(offer), "import-statements")
    done = await up.mika.click(offer, IMPORT)
    assert shows(done.text, "import-statements-done")
    assert "1,000,000" in (await up.mika.command("goal")).text
    assert shows((await up.mika.command("settings")).text, "announcements-declined")
    again = await drop(up, ("nintei.json", exported))
    assert shows(text_of(again), "import-nothing")
    assert not shows(text_of(again), "import-statements")
    done = await up.mika.click(waiting.message, says("action-confirm"))
    assert shows(done.text, "import-nothing"), "set since the preview"


async def test_the_export_with_another_name_is_recognized(up: Stage) -> None:
    await up.mika.command("received", client="制作会社A", at="今日 9:00")
    exported = (await up.mika.command("export")).files["nintei.json"]
    up.news()
    answer = await drop(up, ("message.txt", exported))
    assert shows(text_of(answer), "import-offer", kind="export")
    assert shows(text_of(answer), "import-nothing")


async def test_dropped_twice_it_is_imported_once(up: Stage) -> None:
    first, second = await drop(up, ("history.csv", HISTORY)), await drop(up, ("history.csv", HISTORY))
    assert shows((await up.mika.click(first, IMPORT)).text, "import-done", messages=3)
    answer = await up.mika.click(second, IMPORT)
    assert shows(answer.text, "import-nothing")
    assert buttons_of(answer.message) == {}
    third = await drop(up, ("history.csv", HISTORY))
    assert shows(text_of(third), "import-nothing")
    assert buttons_of(third) == {}
    assert await records(up) == 3


async def test_an_import_that_waits_is_left_alone_by_a_file(up: Stage) -> None:
    waiting = await up.mika.command("import", file=("jobs.csv", JOBS))
    await up.mika.click(await drop(up, ("history.csv", HISTORY)), IMPORT)
    done = await up.mika.click(waiting.message, says("action-confirm"))
    assert shows(done.text, "import-done", messages=0, jobs=1)
    assert "history" not in done.text, "the newest step there is another one"


async def test_what_was_recorded_since_the_preview_is_nothing_new(up: Stage) -> None:
    waiting = await up.mika.command("import", file=("history.csv", HISTORY))
    await up.mika.click(await drop(up, ("history.csv", HISTORY)), IMPORT)
    done = await up.mika.click(waiting.message, says("action-confirm"))
    assert shows(done.text, "import-nothing")
    assert not shows(done.text, "import-done")


@pytest.mark.parametrize("row", [b"", b"someday,project,Web,50000,completed,5\n"])
async def test_a_table_without_a_row_that_can_be_read_is_called_nothing(up: Stage, row: bytes) -> None:
    answer = text_of(await drop(up, ("jobs.csv", ",".join(JOB_COLUMNS.required).encode() + b"\n" + row)))
    assert not shows(answer, "import-offer"), "not a history of messages"
    assert shows(answer, "import-bad" if row else "import-nothing")


async def test_it_works_after_a_restart(stage: Stage) -> None:
    async with stage.open_bot():
        offer = await drop(stage, ("history.csv", HISTORY))
    async with stage.open_bot():
        assert shows((await stage.mika.click(offer, IMPORT)).text, "import-done", messages=3)


async def test_several_files_are_each_answered(up: Stage) -> None:
    await up.mika.write(
        "お願いします",
        files=[("history.csv", HISTORY), ("a.eml", mail_of("A")), ("jobs.csv", JOBS), ("photo.png", PNG)],
    )
    answers = [await up.mika.next_bot_message() for _ in range(4)]
    offers = [each for each in answers if IMPORT in buttons_of(each)]
    assert [
        shows(text_of(each), "import-offer", kind=kind) for each, kind in zip(offers, ("history", "jobs"), strict=True)
    ] == [True] * 2
    others = "\n".join(text_of(each) for each in answers if each not in offers)
    assert "制作会社A" in others
    assert shows(others, "parsing-file-unsupported", name="photo.png")
    assert shows((await up.mika.click(offers[1], IMPORT)).text, "import-done", messages=0, jobs=1)
    assert shows((await up.mika.click(offers[0], IMPORT)).text, "import-done", messages=3, jobs=0)
    assert up.news() == []


@pytest.mark.others_on_sqlite
@pytest.mark.parametrize(
    ("name", "data", "text_id"),
    [
        ("photo.png", PNG, "parsing-file-unsupported"),
        ("table.xlsx", zipped({"xl/workbook.xml": b"<x/>"}), "parsing-file-unsupported"),
        ("noextension", b"abc", "parsing-file-unsupported"),
        ("history.csv", b"", "parsing-file-empty"),
        ("nintei.json", b"", "parsing-file-empty"),
        ("a.eml", b"", "parsing-file-empty"),
        ("message.txt", b"", "parsing-file-empty"),
        ("a.zip", b"", "parsing-file-empty"),
        ("a.zip", b"PK no zip", "parsing-mail-unreadable"),
        ("a.zip", zipped({"a.eml": mail_of("A")})[:60], "import-zip"),
        ("a.zip", zipped({}), "parsing-mail-unreadable"),
        ("photos.zip", zipped({"a.jpg": b"x"}), "parsing-mail-unreadable"),
        ("history.csv", HISTORY + b"\xff\xff,received,2026-11-20T10:00\n", "table-encoding"),
        ("history.csv", b"name,age\nA,3\n", "table-unknown"),
        ("bank.tsv", "日付\t金額\t摘要\n2026/11/20\t5000\t振込\n".encode("cp932"), "table-unknown"),
        ("blank.csv", b"\n\n", "parsing-file-empty"),
        ("history.csv", b"thread,direction\nA,sent\n", "table-header-missing"),
        ("history.csv", b"thread,direction,sent_at,age\nA,sent,2026-11-20T10:00,3\n", "table-header-unknown"),
        ("history.csv", b"thread,direction,sent_at,,\nA,sent,2026-11-20T10:00,,\n", "table-header-blank"),
        ("jobs.csv", b"date,method,category\n2026-10-11,project,Web\n", "table-header-missing"),
        ("history.csv", b"thread,direction,sent_at\n", "import-nothing"),
        ("nintei.json", b"[]", "import-json"),
        ("nintei.json", '{"format": "nintei"}'.encode("utf-16"), "import-json"),
        ("history.csv", b"x" * LARGE, "import-too-large"),
        ("nintei.json", b"x" * LARGE, "import-too-large"),
        ("many.mbox", b"x" * LARGE, "import-too-large"),
        ("a.eml", b"x" * 2 * 1024 * 1024, "parsing-file-too-large"),
        ("message.txt", b"x" * 2 * 1024 * 1024, "parsing-file-too-large"),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{len(value)} bytes",
)
async def test_a_file_that_cannot_be_taken_is_answered_with_a_sentence(
    up: Stage, name: str, data: bytes, text_id: str
) -> None:
    answer = await drop(up, (name, data))
    assert shows(text_of(answer), text_id)
    assert buttons_of(answer) == {}
    assert up.news() == []
    assert await records(up) == 0


@pytest.mark.others_on_sqlite
@pytest.mark.parametrize(
    ("name", "data"),
    others_slow(
        [
            ("bank.csv", b"day,amount\n2026-11-20,5000\n"),
            ("both.zip", zipped({"bank.csv": b"day,amount\n", "h.csv": HISTORY})),
        ]
    ),
)
async def test_a_table_of_another_kind_is_called_neither_a_history_nor_jobs(up: Stage, name: str, data: bytes) -> None:
    for text in (text_of(await drop(up, (name, data))), (await up.mika.command("import", file=(name, data))).text):
        assert shows(text, "table-unknown")
        assert all(",".join(columns.required) in text for columns in (HISTORY_COLUMNS, JOB_COLUMNS))
        assert not shows(text, "import-offer", kind="history")


async def test_a_bad_row_is_named_and_nothing_offered(up: Stage) -> None:
    answer = await drop(up, ("history.csv", HISTORY + b"A,asked,2026-11-20T10:00\n"))
    assert shows(text_of(answer), "import-bad-line", place="history.csv:5")
    assert buttons_of(answer) == {}


@pytest.mark.parametrize("way", ["message", "file"])
async def test_a_file_that_is_gone_when_the_button_is_pressed(up: Stage, way: str) -> None:
    offer = await drop(up, ("history.csv", HISTORY))
    [sent] = [
        each for each in up.mika.visible_messages() if each.body.get("attachments") and each.author is up.mika.user
    ]
    if way == "message":
        sent.deleted = True
    else:
        up.discord.state.files.clear()
    answer = await up.mika.click(offer, IMPORT)
    assert answer.message is offer
    assert shows(answer.text, "import-file-gone")
    assert buttons_of(answer.message) == {}
    assert await records(up) == 0


async def test_nobody_imports_the_file_of_somebody_else(up: Stage) -> None:
    offer = await drop(up, ("history.csv", HISTORY))
    ken = up.discord.add_user("ken")
    own = (await ken.command("start")).message
    answer = await ken.click_custom_id(own, buttons_of(offer)[IMPORT])
    assert shows(answer.text, "import-file-gone")
    answer = await ken.click_custom_id(offer, buttons_of(offer)[IMPORT])
    assert shows(answer.text, "button-unknown")
    for forged in ("press:import:1:take:1", "press:import:999999999999999999:take:999999999999999999"):
        assert not shows((await up.mika.click_custom_id(offer, forged)).text, "internal-error")
    assert await records(up) == 0


async def test_a_newcomers_file_is_welcomed_and_offered(stage: Stage) -> None:
    stage.newcomer = True
    async with stage.open_bot():
        welcome = await drop(stage, ("history.csv", HISTORY))
        offer = await stage.mika.next_bot_message()
        assert shows(text_of(welcome), "start-title")
        assert shows((await stage.mika.click(offer, IMPORT)).text, "import-done", messages=3)


async def test_a_client_who_posted_a_table_is_a_client_who_wrote(up: Stage) -> None:
    await up.mika.forward("確認お願いします", posted_at=up.at(10), files=[("history.csv", HISTORY)])
    assert shows(text_of(await up.mika.next_bot_message()), "receipt-which-client")
    assert up.news() == []


async def test_other_mails_in_a_file_are_none(up: Stage) -> None:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "shop@example.com", "本日のお買い得情報"
    mail["Date"] = "Tue, 24 Nov 2026 09:12:34 +0900"
    answer = await drop(up, ("other.eml", mail.as_bytes()))
    assert await records(up) == 0
    assert text_of(answer)
