"""The record as a whole: history with reasons, corrections and undo; import, export, erasure; retention."""

import csv
import io
import json
import tempfile
import zipfile
from collections.abc import Callable
from datetime import UTC, timedelta
from pathlib import Path

import pytest

from bot.cli.main import main
from bot.discord_app.features.data.cards import export_card
from bot.fake_discord.users import InteractionResult, buttons_of, text_of
from bot.i18n.translations import get_translations
from bot.services.export_writer import Export
from storage.member_data import TABLES
from tests.helpers.amounts import others_slow
from tests.helpers.card_text import format_components
from tests.helpers.scenarios import correct, eml
from tests.helpers.stage import Stage
from tests.helpers.wording import says, shows

pytestmark = pytest.mark.both_engines


@pytest.fixture
def up(shared: Stage) -> Stage:
    """Most tests here begin alike, and none sees what another did."""
    return shared


async def ask_and_reply(up: Stage, client: str, asked: str, replied: str) -> None:
    await up.mika.command("received", client=client, at=asked)
    await up.mika.command("replied", client=client, at=replied)


async def entry(up: Stage, place: int) -> InteractionResult:
    """Open the entry at a place of the newest page."""
    page = (await up.mika.command("history")).message
    ids = [
        each["accessory"]["custom_id"]
        for each in page.body["components"][0]["components"]
        if each.get("accessory", {}).get("custom_id", "").startswith("press:message")
    ]
    return await up.mika.click_custom_id(page, ids[place])


async def test_history_is_newest_first_in_pages_with_reasons(up: Stage) -> None:
    assert shows((await up.mika.command("history")).text, "history-none")
    await ask_and_reply(up, "A社", "11/20 9:00", "11/20 10:00")
    await ask_and_reply(up, "B社", "11/20 9:00", "11/22 10:00")
    await up.mika.command("received", client="C社", at="10:00")
    await up.mika.command("received", client="A社", at="11:00")
    page = await up.mika.command("history")
    assert shows(page.text, "history-title", count=6)
    assert page.text.index("**A社**") < page.text.index("**C社**") < page.text.index("**B社**")
    for reason in ("reason-waiting", "reason-late", "reason-on-time"):
        assert shows(page.text, reason)
    await up.mika.command("received", client="D社", at="11:30")
    page = await up.mika.command("history")
    assert "1 / 2" in page.text
    assert "2 / 2" in (await up.mika.click(page.message, says("pagination-after"))).text


async def test_what_emptied_the_history_can_be_undone_there(up: Stage) -> None:
    receipt = (await up.mika.command("received", client="A社", at="11/20 9:00")).message
    await up.mika.click(receipt, says("action-undo"))
    page = await up.mika.command("history")
    await up.mika.click(page.message, says("action-revert"))
    assert shows((await up.mika.command("history")).text, "history-title", count=1)


async def test_every_correction_shows_the_old_and_the_new_verdict_and_can_be_undone(up: Stage) -> None:
    await ask_and_reply(up, "A社", "11/20 9:00", "11/22 10:00")
    opened = await entry(up, 0)
    assert shows(opened.text, "receipt-verdict-late")
    corrected = await up.mika.submit_modal(await correct(up.mika, opened.message, "correct-time"), "11/20 12:00")
    assert shows(corrected.text, "receipt-verdicts", before=says("verdict-late"), after=says("verdict-on-time"))
    assert "100.0 % (1/1)" in (await up.mika.command("status")).text
    page = (await up.mika.command("history")).message
    assert shows(text_of(page), "step-time")
    undone = await up.mika.click(page, says("action-revert"))
    assert shows(undone.text, "verdicts", on_time=1, late=0, ambiguous=0)
    assert shows(undone.text, "verdicts", on_time=0, late=1, ambiguous=0)
    assert "0.0 % (0/1)" in (await up.mika.command("status")).text
    assert shows(
        (await up.mika.click_custom_id(page, buttons_of(page).get(says("action-revert"), "press:step:1:revert"))).text,
        "edit-step-gone",
    )


async def test_the_button_of_a_step_that_was_undone_undoes_no_later_one(up: Stage) -> None:
    await up.mika.command("received", client="A社", at="10:00")
    pages = [(await up.mika.command("history")).message for _ in range(2)]
    assert shows((await up.mika.click(pages[0], says("action-revert"))).text, "edit-undone")
    await up.mika.command("received", client="B社", at="11:00")
    assert shows((await up.mika.click(pages[1], says("action-revert"))).text, "edit-step-gone")
    assert shows((await up.mika.command("history")).text, "history-title", count=1)


async def test_edits_and_imports_say_a_rate_only_where_it_is_judged(up: Stage) -> None:
    rows = [
        f"{name},received,2026-11-{day:02}T09:00\n{name},sent,2026-11-{day:02}T10:00"
        for day, name in enumerate("abcd", 1)
    ]
    for count, more in ((4, rows), (5, ["e,received,2026-11-05T09:00\ne,sent,2026-11-05T10:00"])):
        file = ("history.csv", "\n".join(["thread,direction,sent_at", *more]).encode())
        offered = (await up.mika.command("import", file=file)).message
        imported = await up.mika.click(offered, says("action-confirm"))
        assert shows(imported.text, "receipt-rate") is (count == 5)
    for left in (4, 0):
        undone = await up.mika.click((await up.mika.command("history")).message, says("action-revert"))
        assert shows(undone.text, "edit-undone")
        assert shows(undone.text, "receipt-rate", before="100.0 % (5/5)", after="–", estimate="") is (left == 4)


async def test_delete_and_bring_back(up: Stage) -> None:
    await ask_and_reply(up, "A社", "11/20 9:00", "11/22 10:00")
    deleted = await up.mika.click((await entry(up, 0)).message, says("action-undo"))
    assert shows(deleted.text, "receipt-verdicts", before=says("verdict-late"), after=says("verdict-nowhere"))
    assert shows((await up.mika.command("history")).text, "history-title", count=1)
    await up.mika.click((await up.mika.command("history")).message, says("action-revert"))
    assert shows((await up.mika.command("history")).text, "history-title", count=2)
    for left in (1, 0):
        await up.mika.click((await up.mika.command("history")).message, says("action-revert"))
        text = (await up.mika.command("history")).text
        assert shows(text, "history-title", count=1) if left else shows(text, "history-none")


async def test_split_and_merge_threads(up: Stage) -> None:
    await up.mika.command("received", client="A社", at="11/18 9:00")
    await up.mika.command("received", client="A社", at="11/20 9:00")
    await up.mika.command("replied", client="A社", at="11/20 10:00")
    assert "0.0 % (0/1)" in (await up.mika.command("status")).text
    split = await up.mika.click((await entry(up, 1)).message, says("action-split"))
    assert shows(split.text, "verdicts", on_time=0, late=1, ambiguous=1)
    assert shows(split.text, "edit-verdicts")
    assert "100.0 % (1/1)" in (await up.mika.command("status")).text
    first = (await entry(up, 2)).message
    assert says("action-split") not in buttons_of(first)
    merge = buttons_of(first)[says("action-merge")]
    refused = await up.mika.click_custom_id(first, merge.replace(":merge", ":split"))  # of a card from before
    assert shows(refused.text, "edit-nothing-to-split")
    offered = await up.mika.click((await entry(up, 0)).message, says("action-merge"))
    merged = await up.mika.select_option(offered.message, "A社")
    assert shows(merged.text, "verdicts", on_time=0, late=1, ambiguous=1)
    assert shows(merged.text, "edit-merged")
    assert "0.0 % (0/1)" in (await up.mika.command("status")).text
    undone = await up.mika.click((await up.mika.command("history")).message, says("action-revert"))
    assert shows(undone.text, "edit-undone", what=says("step-merged"))
    assert not shows(undone.text, "edit-merged")
    assert "100.0 % (1/1)" in (await up.mika.command("status")).text
    undone = await up.mika.click((await up.mika.command("history")).message, says("action-revert"))
    assert shows(undone.text, "edit-undone", what=says("step-split"))


async def test_a_dismissed_message_is_not_called_answered(up: Stage) -> None:
    await up.mika.command("received", client="A社", at="8:00")
    await up.mika.write("A社 返信不要")
    await up.mika.next_bot_message()
    await up.move_to(up.at(12, 40))
    await ask_and_reply(up, "A社", "12:20", "12:30")
    shown = await entry(up, 3)
    assert not shows(shown.text, "receipt-answered")
    assert shows((await entry(up, 1)).text, "receipt-answered")


@pytest.mark.parametrize(("others", "is_judged"), [(0, False), (4, True)])
async def test_changes_of_several_messages_name_no_rate_below_five_replies(
    up: Stage,
    others: int,
    is_judged: bool,  # noqa: FBT001
) -> None:
    for number in range(others):
        await ask_and_reply(up, f"他社{number}", "11/10 9:00", "11/10 10:00")
    await up.mika.command("received", client="A社", at="11/18 9:00")
    await up.mika.command("received", client="A社", at="11/20 9:00")
    await up.mika.command("replied", client="A社", at="11/20 10:00")
    revert = says("action-revert")
    said = [(await up.mika.click((await entry(up, 1)).message, says("action-split"))).text]
    offered = await up.mika.click((await entry(up, 0)).message, says("action-merge"))
    said.append((await up.mika.select_option(offered.message, "A社")).text)
    said.append((await up.mika.click((await up.mika.command("history")).message, revert)).text)
    preview = await bring(up, "h.csv", HEADER + "T,received,2026-11-18T09:00,\nT,sent,2026-11-20T09:00,\n")
    said.append((await up.mika.click(preview.message, says("action-confirm"))).text)
    said.append((await up.mika.click((await up.mika.command("history")).message, revert)).text)
    for text in said:
        assert shows(text, "receipt-rate") is is_judged, text
        assert (" %" in text) is is_judged, text


async def test_nobody_undoes_or_opens_anothers_entries(up: Stage) -> None:
    await ask_and_reply(up, "A社", "11/20 9:00", "11/22 10:00")
    page = (await up.mika.command("history")).message
    ken = up.discord.add_user("ken")
    for forged, text_id in (
        ("message:1:look", "recording-message-gone"),
        ("message:1:split", "recording-message-gone"),
        ("message:2:undo", "recording-message-gone"),
        ("step:2:revert", "edit-step-gone"),
        ("thread:1:open", "recording-nothing-waits"),
    ):
        assert shows((await ken.click_custom_id(page, f"press:{forged}")).text, text_id)
    assert shows((await ken.command("history")).text, "history-none")
    assert shows((await up.mika.command("history")).text, "history-title", count=2)


HEADER = "thread,direction,sent_at,kind\n"


async def bring(up: Stage, name: str, data: str | bytes) -> InteractionResult:
    return await up.mika.command("import", file=(name, data.encode() if isinstance(data, str) else data))


async def test_an_import_previews_and_writes_all_once(up: Stage) -> None:
    rows = "".join(f"T{n},received,2026-11-1{n}T10:00,\nT{n},sent,2026-11-1{n}T12:00,message\n" for n in range(6))
    rows += "W,received,2026-11-24T09:00,\n"
    preview = await bring(up, "history.csv", HEADER + rows)
    assert shows(preview.text, "import-messages", count=13, threads=7)
    assert shows((await up.mika.command("history")).text, "history-none")
    done = await up.mika.click(preview.message, says("action-confirm"))
    assert shows(done.text, "import-done", messages=13)
    assert "100.0 % (6/6)" in done.text
    assert shows((await up.mika.command("pending")).text, "pending-title", count=1)
    again = await bring(up, "history.csv", HEADER + rows)
    assert shows(again.text, "import-duplicates", count=13)
    assert shows(again.text, "import-nothing")
    up.news()
    await up.live_to(up.at(8, 30, days=1))
    assert any("**W**" in text_of(each) for each in up.news())  # what was imported is reminded of, too
    await up.mika.click((await up.mika.command("history")).message, says("action-revert"))
    assert shows((await up.mika.command("history")).text, "history-none")


async def test_bad_rows_are_named_and_nothing_is_written(up: Stage) -> None:
    rows = "A,received,2026-11-20T10:00,\nA,asked,2026-11-20T10:00,\nA,sent,2026-12-20T10:00,\nA,sent,when,\n"
    preview = await bring(up, "h.csv", HEADER + rows)
    assert "3件" in preview.text or shows(preview.text, "import-bad", count=2)
    assert shows(preview.text, "import-bad-line", place="h.csv:3")
    assert says("action-confirm") not in buttons_of(preview.message)
    assert shows((await up.mika.click_custom_id(preview.message, "press:import:0:confirm")).text, "import-not-waiting")
    assert shows((await up.mika.command("history")).text, "history-none")


@pytest.mark.parametrize("action", ["action-confirm", "action-drop"])
async def test_the_buttons_of_a_preview_are_about_its_own_file(up: Stage, action: str) -> None:
    first = await bring(up, "a.csv", HEADER + "AAA,received,2026-11-20T10:00,\n")
    later = await bring(up, "b.csv", HEADER + "BBB,received,2026-11-20T11:00,\n")
    unreadable = await bring(up, "c.csv", HEADER + "CCC,asked,2026-11-20T11:00,\n")
    assert shows(unreadable.text, "import-bad", count=1)  # it takes no other file's place
    assert shows((await up.mika.click(first.message, says(action))).text, "import-replaced")
    assert shows((await up.mika.command("history")).text, "history-none")
    done = await up.mika.click(later.message, says("action-confirm"))
    assert shows(done.text, "import-done", messages=1)
    history = (await up.mika.command("history")).text
    assert "BBB" in history
    assert "AAA" not in history


async def test_a_preview_of_a_former_version_confirms_no_other_file(up: Stage) -> None:
    """Its buttons named no file, and what they were about went with the process of that version."""
    later = await bring(up, "b.csv", HEADER + "BBB,received,2026-11-20T11:00,\n")
    for action in ("confirm", "drop"):
        pressed = await up.mika.click_custom_id(later.message, f"press:import:0:{action}")
        assert shows(pressed.text, "import-replaced")
    assert shows((await up.mika.click(later.message, says("action-confirm"))).text, "import-done", messages=1)


async def test_an_import_that_was_done_is_not_said_to_be_cancelled(up: Stage) -> None:
    """A press from a screen that still shows the buttons."""
    offered = (await bring(up, "a.csv", HEADER + "A,received,2026-11-20T10:00,\n")).message
    drop = buttons_of(offered)[says("action-drop")]
    assert shows((await up.mika.click(offered, says("action-confirm"))).text, "import-done", messages=1)
    assert shows((await up.mika.click_custom_id(offered, drop)).text, "import-not-waiting")
    other = (await bring(up, "b.csv", HEADER + "B,received,2026-11-20T11:00,\n")).message
    drop = buttons_of(other)[says("action-drop")]
    for _ in range(2):
        assert shows((await up.mika.click_custom_id(other, drop)).text, "import-cancelled")
    last = (await bring(up, "c.csv", HEADER + "C,received,2026-11-20T11:00,\n")).message
    assert shows((await up.mika.click_custom_id(other, drop)).text, "import-replaced")
    assert shows((await up.mika.click(last, says("action-confirm"))).text, "import-done", messages=1)


def zipped(files: dict[str, bytes]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return whole.getvalue()


@pytest.mark.others_on_sqlite
@pytest.mark.parametrize(
    ("name", "data", "text_id"),
    others_slow([
        ("a.txt", b"hello", "import-unsupported"),
        ("a.csv", b"thread,direction,sent_at\nA\xff\xff,received,2026-11-20T10:00\n", "table-encoding"),
        ("a.csv", b"thread,direction,sent_at\n" + b"A" * 200_000 + b",received,2026-11-20T10:00\n", "table-row-unreadable"),
        ("a.csv", b"", "parsing-file-empty"),
        ("a.json", b"[[[[", "import-json"),
        ("a.json", b"[" * 100_000, "import-json"),
        ("a.json", b'{"format": "nintei", "version": 1, "tables": {}}', "import-json"),
        ("a.zip", b"PK no zip", "import-zip"),
        ("a.zip", lambda: zipped({"bomb.csv": b"0" * (26 * 1024 * 1024)}), "import-unpacked-too-large"),
        ("a.zip", lambda: zipped({f"{n}.eml": b"x" for n in range(5001)}), "import-too-many-files"),
        ("a.eml", b"x" * (2 * 1024 * 1024), "parsing-file-too-large"),
    ]),
    ids=lambda value: value if isinstance(value, str) else "…",
)  # fmt: skip
async def test_what_cannot_be_imported_is_a_sentence(
    up: Stage, name: str, data: bytes | Callable[[], bytes], text_id: str
) -> None:
    answer = await bring(up, name, data if isinstance(data, bytes) else data())
    assert shows(answer.text, text_id)
    assert shows((await up.mika.command("history")).text, "history-none")


@pytest.mark.slow
async def test_mails_in_a_zip(up: Stage) -> None:
    files = {
        "1.eml": eml("制作会社Aさんからのメッセージ受信通知", date="Mon, 23 Nov 2026 10:00:00 +0900"),
        "folder/2.eml": eml(
            "[ランサーズ] B さんから ロゴ のコメントが届いています", date="Mon, 23 Nov 2026 11:00:00 +0900"
        ),
        "3.eml": eml("お得なキャンペーン", date="Mon, 23 Nov 2026 12:00:00 +0900"),
        "readme.txt": b"hello",
    }
    preview = await bring(up, "mails.zip", zipped(files))
    assert shows(preview.text, "import-messages", count=2, threads=2)
    assert shows(preview.text, "import-skipped", count=2)
    await up.mika.click(preview.message, says("action-confirm"))
    page = (await up.mika.command("history")).text
    assert "**制作会社A**" in page
    assert "ロゴ" in page
    assert shows((await bring(up, "mails.zip", zipped(files))).text, "import-duplicates", count=2)


async def fill(up: Stage) -> None:
    await ask_and_reply(up, "=HYPERLINK(1)", "11/20 9:00", "11/22 10:00")
    await ask_and_reply(up, "A社", "11/20 9:00", "11/20 10:00")
    await up.mika.command("received", client="B社", thread="ロゴ", at="10:00")
    await up.mika.forward("こんにちは", posted_at=up.at(11))
    await up.mika.next_bot_message()
    await up.mika.command("job add", method="task", reward="100", category="@cat", evaluation="4.5", count=3)
    await up.mika.command("goal", category="Web", line="100万", source="勘")
    await up.mika.command("calibrate", reply_rate="90", replies=10)
    await up.mika.command("profile", last_login="2026/11/20")
    await up.mika.command("settings", review_day="5", timezone="Europe/Berlin")
    up.news()


async def test_an_export_without_room_for_temporary_files_is_a_sentence(
    up: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere")
    assert (await up.mika.command("export")).text == says("export-no-room")


@pytest.mark.slow
async def test_an_export_is_read_back_by_import_and_by_standing(
    up: Stage, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await fill(up)
    files = (await up.mika.command("export")).files
    assert set(files) == {"history.csv", "jobs.csv", "nintei.json"}
    for name in ("history.csv", "jobs.csv"):
        (tmp_path / name).write_bytes(files[name])
        for row in csv.reader(io.StringIO(files[name].decode("utf-8-sig"))):
            assert not [cell for cell in row if cell[:1] in "=+-@" and cell]
    status = (await up.mika.command("status")).text
    capsys.readouterr()
    assert main(["standing", str(tmp_path / "history.csv"), "--jobs", str(tmp_path / "jobs.csv"), "--json",
                 "--as-of", "2026-11-24T12:00:00+09:00"]) == 0  # fmt: skip
    found = json.loads(capsys.readouterr().out)
    assert (found["reply_rate"]["replies"], found["reply_rate"]["on_time"]) == (2, 1)
    assert "=HYPERLINK(1)" in {each["thread"] for each in found["exchanges"]}
    held = json.loads(files["nintei.json"])
    assert set(held["tables"]) == set(TABLES)
    ken = up.discord.add_user("ken")
    preview = await ken.command("import", file=("nintei.json", files["nintei.json"]))
    assert shows(preview.text, "import-messages", count=6)
    await ken.click(preview.message, says("action-confirm"))
    # Everything but who it belongs to is the same again.
    assert (await ken.command("status")).text == status
    assert "#" in (await ken.command("job list")).text
    assert "勘" in (await ken.command("goal")).text
    again = await up.mika.command("import", file=("nintei.json", files["nintei.json"]))
    assert shows(again.text, "import-nothing")
    both = zipped({name: files[name] for name in ("history.csv", "jobs.csv")})
    again = await up.mika.command("import", file=("mine.zip", both))
    assert shows(again.text, "import-nothing")
    assert not shows(again.text, "import-messages")
    mina = up.discord.add_user("mina")
    preview = await mina.command("import", file=("mine.zip", both))
    await mina.click(preview.message, says("action-confirm"))
    assert "50.0 % (1/2)" in (await mina.command("status")).text
    assert "×3" in (await mina.command("job list")).text


async def test_an_import_in_the_night_says_what_is_due_before_morning(alone: Stage) -> None:
    """No reminder is sent in quiet hours."""
    up = alone
    await up.move_to(up.at(2, 0, days=1))
    rows = [
        "甲,received,2026-11-24T04:00+09:00",
        "乙,received,2026-11-24T05:00+09:00",
        "丙,received,2026-11-24T20:00+09:00",
    ]
    data = "\n".join(["thread,direction,sent_at", *rows]).encode()
    preview = await up.mika.command("import", file=("history.csv", data))
    done = await up.mika.click(preview.message, says("action-confirm"))
    assert shows(done.text, "import-no-reminder", count=2)
    up.news()
    await up.live_to(up.at(6, 59, days=1))
    assert up.news() == []
    more = "\n".join(["thread,direction,sent_at", rows[2], "丙,received,2026-11-25T06:00+09:00"]).encode()
    preview = await up.mika.command("import", file=("history.csv", more))
    done = await up.mika.click(preview.message, says("action-confirm"))
    assert not shows(done.text, "import-no-reminder")


async def test_import_export_and_erasure_count_jobs_as_the_job_list_does(up: Stage) -> None:
    """A row can be several jobs."""
    data = b"date,method,category,reward,outcome,evaluation,count\n2026-11-01,task,,100,completed,,20\n"
    preview = await up.mika.command("import", file=("jobs.csv", data))
    assert shows(preview.text, "import-jobs", count=20)
    assert shows(
        (await up.mika.click(preview.message, says("action-confirm"))).text, "import-done", messages=0, jobs=20
    )
    assert shows((await up.mika.command("job list")).text, "job-title", count=20)
    assert shows((await up.mika.command("export")).text, "export-title", messages=0, jobs=20)
    assert shows((await up.mika.command("import", file=("jobs.csv", data))).text, "import-duplicates", count=20)
    assert shows((await up.mika.command("erase")).text, "erase-erased", jobs=20)


async def test_erase_leaves_nothing_in_the_files_and_asks_before(up: Stage) -> None:
    await fill(up)
    await up.mika.command("received", client="消えるべき社", at="11:30")
    ken = up.discord.add_user("ken")
    await ken.command("received", client="残るべき社", at="11:30")
    names = [each.encode() for each in ("消えるべき社", "HYPERLINK", "Europe/Berlin", "勘")]
    kept = await up.raw()
    assert all(each in kept for each in names)
    asked = await up.mika.command("erase")
    assert shows(asked.text, "erase-erased", messages=7, jobs=3)
    assert shows(asked.text, "erase-kept", days=30)
    assert shows(
        (await up.mika.click((await up.mika.command("erase")).message, says("action-drop"))).text, "erase-cancelled"
    )
    assert shows((await up.mika.command("history")).text, "history-title", count=7)
    done = await up.mika.click(asked.message, says("action-confirm"))
    assert shows(done.text, "erase-done")
    kept = await up.raw()
    assert not [each for each in names if each in kept]
    assert "残るべき社".encode() in kept
    for table in TABLES:
        assert not await up.rows(f"SELECT 1 FROM {table} WHERE member_id = $1", up.mika.user.id), table
    await up.live_to(up.at(12, days=2))
    assert up.news() == []
    assert shows((await up.mika.command("history")).text, "history-none")
    assert shows((await ken.command("history")).text, "history-title", count=1)


@pytest.mark.slow
async def test_a_reminder_in_flight_is_erased_too(up: Stage) -> None:
    await up.mika.command("received", client="A社", at="10:00")
    up.news()
    up.discord.faults.status("POST", r"/channels/\d+/messages", 503, times=20)
    await up.live_to(up.at(22))
    await up.mika.click((await up.mika.command("erase")).message, says("action-confirm"))
    up.discord.faults.planned.clear()
    await up.live_to(up.at(12, days=3))
    assert up.news() == []


@pytest.mark.sqlite_only
async def test_a_restored_backup_does_not_bring_the_erased_back(stage: Stage) -> None:
    async with stage.open_bot():
        await stage.mika.command("received", client="A社", at="10:00")
        await stage.discord.add_user("ken").command("received", client="B社", at="10:00")
    backup = stage.database.read_bytes()
    stage.clock.advance_to(stage.at(13))
    async with stage.open_bot():
        await stage.mika.click((await stage.mika.command("erase")).message, says("action-confirm"))
    stage.clock.advance_to(stage.at(14))
    stage.database.write_bytes(backup)
    async with stage.open_bot():
        assert shows((await stage.mika.command("history")).text, "history-none")
        kept = await stage.raw()
        assert "A社".encode() not in kept
        assert "B社".encode() in kept
        await stage.mika.command("received", client="C社", at="11:00")
    async with stage.open_bot():  # who came back is not erased again
        assert shows((await stage.mika.command("history")).text, "history-title", count=1)


async def test_old_rows_are_purged_daily_unless_kept_and_what_is_unanswered_stays(up: Stage) -> None:
    ken = up.discord.add_user("ken")
    await ken.command("settings", keep_old=True)
    for person in (up.mika, ken):
        await person.command("received", client="古い社", at="2025/9/1 9:00")
        await person.command("replied", client="古い社", at="2025/9/1 10:00")
        await person.command("received", client="古い社", at="2025/9/2 9:00")
        await person.command("received", client="新しい社", at="11/20 9:00")
        await person.command("replied", client="新しい社", at="11/20 10:00")
        for day in ("2024/12/31", "2025/1/1"):
            await person.command("job add", method="task", reward="1", date=day)
        await person.command("job add", method="task", reward="1", date="2026/9/1")
    status = (await up.mika.command("status")).text
    assert shows((await up.mika.command("history")).text, "history-title", count=5)
    await up.move_to(up.at(13, days=1))
    assert shows((await up.mika.command("history")).text, "history-title", count=3)
    jobs = (await up.mika.command("job list")).text
    assert ("2024/12/31" in jobs, "2025/01/01" in jobs) == (False, True), "a tax return needs the last calendar year"
    assert shows((await up.mika.command("pending")).text, "pending-title", count=1)
    assert "100.0 % (1/1)" in status
    assert "100.0 % (1/1)" in (await up.mika.command("status")).text
    assert shows((await ken.command("history")).text, "history-title", count=5)


async def test_an_import_keeps_what_the_member_refused_and_leaves_out_a_date_before_lancers(up: Stage) -> None:
    await up.mika.command("settings", announcements=False, badge="held", badge_since="2026/10/1")
    await up.mika.command("received", client="A社", at="11/20 9:00")
    settings = (await up.mika.command("settings")).text
    exported = json.loads((await up.mika.command("export")).files["nintei.json"])
    exported["tables"]["members"][0]["last_login"] = "2007-01-01"
    ken = up.discord.add_user("ken")
    preview = await ken.command("import", file=("nintei.json", json.dumps(exported).encode()))
    await ken.click(preview.message, says("action-confirm"))
    assert (await ken.command("settings")).text == settings


@pytest.mark.slow
async def test_twenty_thousand_rows_in_one_go_with_progress(up: Stage) -> None:
    start = up.at(0, days=-200)
    rows = []
    for number in range(10_000):
        asked = start + timedelta(minutes=5 * number)
        rows.append(f"T{number % 700},received,{asked.isoformat()},\n")
        rows.append(f"T{number % 700},sent,{(asked + timedelta(hours=1)).isoformat()},\n")
    preview = await bring(up, "big.csv", HEADER + "".join(rows))
    assert shows(preview.text, "import-messages", count=20_000)
    done = await up.mika.click(preview.message, says("action-confirm"))
    await up.discord.state.wait_until(
        lambda: shows(text_of(done.message), "import-done", messages=20_000), timeout_seconds=120.0
    )
    assert "100.0 % (10,000/10,000)" in text_of(done.message)
    page = (await up.mika.command("history")).message
    undone = await up.mika.click(page, says("action-revert"))
    await up.discord.state.wait_until(lambda: "20,000" in text_of(undone.message), timeout_seconds=120.0)
    assert shows((await up.mika.command("history")).text, "history-none")


async def test_the_command_line_counts_the_threads_of_an_export_as_the_status_does(
    up: Stage, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of which thread a message is may be a question; a client's name may look like a client and a title."""
    await up.mika.command("received", client="A社", thread="ロゴ", at="9:00")
    await up.mika.command("received", client="A社 / ロゴ", at="9:10")
    await up.mika.command("received", client="A社", thread="冊子", at="9:20")
    asked = await up.mika.command("received", client="A社", at="9:30")
    assert shows(asked.text, "receipt-which-thread")
    await up.mika.command("received", client="A社 / 冊子", at="9:40")
    await up.mika.command("replied", client="A社 / 冊子", at="9:50")
    assert shows((await up.mika.command("status")).text, "status-waiting-conversations", count=4, overdue=0)
    path = tmp_path / "history.csv"
    path.write_bytes((await up.mika.command("export")).files["history.csv"])
    capsys.readouterr()
    assert main(["standing", str(path), "--as-of", up.clock.now().isoformat(), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [each["due_at"] for each in found["waiting"]] == [
        up.at(9, minute, days=1).astimezone(UTC).isoformat() for minute in (0, 10, 20, 30)
    ]
    assert found["reply_rate"]["replies"] == 1


def test_an_export_whose_json_is_too_large_to_import_says_what_to_import() -> None:
    for is_importable in (True, False):
        card = export_card(get_translations("ja"), Export({}, 1, 0, is_importable), [])
        text = "\n".join(format_components(card.to_components()))
        assert shows(text, "export-large", most=25) is not is_importable
