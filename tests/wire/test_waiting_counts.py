"""How many wait: clients where each is another one, else conversations; alike wherever it is said."""

import pytest

from bot.domain.types import Locale
from bot.fake_discord.users import text_of
from storage.waiting_threads import MAX_THREADS_COUNTED_AS_CLIENTS
from tests.helpers.amounts import others_slow
from tests.helpers.stage import Stage
from tests.helpers.wording import says, shows

CLIENTS = ("status-waiting", "pending-title", "reminder-title", "reminder-closed-title", "digest-waiting")


async def counted(up: Stage, language: Locale) -> tuple[dict[str, bool], str]:
    """Of every place whether it counts clients, and all its words: at 13:00, after the close, and in the digest."""
    texts = [(await up.mika.command(name)).text for name in ("status", "pending")]
    up.news()
    await up.live_to(up.at(13))
    texts += map(text_of, up.news())
    await up.live_to(up.at(9, days=1))
    texts += map(text_of, up.news())
    await up.live_to(up.at(9, days=8))
    text = "\n".join([*texts, *map(text_of, up.news())])
    said = {}
    for text_id in CLIENTS:
        clients, conversations = (shows(text, name, language) for name in (text_id, f"{text_id}-conversations"))
        assert clients is not conversations, (text_id, text)
        said[text_id] = clients
    return said, text


@pytest.mark.sqlite_only
@pytest.mark.parametrize("language", others_slow(["en", "ja"]))
@pytest.mark.parametrize(
    ("others", "clients"),
    [([("乙", None)], True), ([("甲 様", "翻訳")], False), ([("甲", "翻訳"), ("乙", None)], False), ([], True)],
    ids=["two clients", "one client", "two clients in three conversations", "one"],
)
async def test_what_waits_is_counted_as_what_it_is(
    up: Stage,
    language: Locale,
    others: list[tuple[str, str | None]],
    clients: bool,  # noqa: FBT001
) -> None:
    up.mika.user.locale = language
    await up.mika.command("settings", locale=language, digest="weekly")
    for client, title in [("甲", None), *others]:
        options = {} if title is None else {"thread": title}
        await up.mika.command("received", client=client, at="11/23 17:00", **options)
    said, text = await counted(up, language)
    assert set(said.values()) == {clients}, (said, text)


@pytest.mark.sqlite_only
async def test_somebody_not_named_yet_may_be_a_client_who_waits_already(up: Stage) -> None:
    up.mika.user.locale = "en"
    await up.mika.command("settings", locale="en")
    await up.mika.command("received", client="甲", at="11/24 9:00")
    await up.rows("UPDATE threads SET client = NULL, client_key = ''")
    assert shows((await up.mika.command("status")).text, "status-waiting", "en", count=1)
    await up.mika.command("received", client="乙", at="11/24 9:00")
    assert shows((await up.mika.command("status")).text, "status-waiting-conversations", "en", count=2)
    assert shows((await up.mika.command("pending")).text, "pending-title-conversations", "en", count=2)


@pytest.mark.sqlite_only
async def test_many_threads_are_counted_without_a_look_at_the_clients_of_all(up: Stage) -> None:
    up.mika.user.locale = "en"
    await up.mika.command("settings", locale="en")
    rows = "".join(f"client {number},received,2026-11-24T09:00\n" for number in range(MAX_THREADS_COUNTED_AS_CLIENTS))
    preview = await up.mika.command("import", file=("messages.csv", f"thread,direction,sent_at\n{rows}".encode()))
    await up.mika.click(preview.message, says("action-confirm", "en"))
    assert shows((await up.mika.command("status")).text, "status-waiting", "en", count=MAX_THREADS_COUNTED_AS_CLIENTS)
    await up.mika.command("received", client="one more", at="11/24 9:00")
    many = MAX_THREADS_COUNTED_AS_CLIENTS + 1
    assert shows((await up.mika.command("status")).text, "status-waiting-conversations", "en", count=many)
