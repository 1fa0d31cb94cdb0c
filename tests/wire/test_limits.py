"""The longest and most hostile names, and much of everything, on every card: Discord's limits hold (the stand-in refuses)."""

from conftest import Stage

from bot.rehearsal.checks import walk
from bot.rehearsal.person import buttons_of
from bot.rehearsal.world import Message

HOSTILE = "*_`~|>[x](http://a.b)@everyone<@1>" * 3


async def test_much_of_everything_with_the_longest_names(up: Stage) -> None:
    rows = ["thread,direction,sent_at,kind,client,title"]
    for number in range(40):
        client, title = f"{number}{HOSTILE}"[:100], f"{HOSTILE}{number}"[-100:]
        rows += [
            f'"{client}",received,2026-11-1{number % 10}T09:0{number // 10},,"{client}","{title}"',
            f'"{client}",sent,2026-11-1{number % 10}T10:00,{["message", "dismissed"][number % 4 == 0]},"{client}","{title}"',
            f'"{client}",received,2026-11-2{number % 5}T11:00,,"{client}","{title}"',
        ]
        if number % 3 == 0:
            rows.append(f'"{client}",sent,2026-11-24T11:30,dismissed,"{client}","{title}"')
    preview = await up.mika.command("import", file=("h.csv", "\n".join(rows).encode()))
    await up.mika.press(preview.message, "はい、実行する")
    for number in range(20):
        await up.mika.command(
            "job add", method="project", reward="10億", category=HOSTILE[:100], client=HOSTILE[::-1][:100], evaluation="5",
            date=f"2026/9/{number + 1}",
        )  # fmt: skip
    await up.mika.command("goal", category=HOSTILE[:100], line="10億", source=HOSTILE[:100])
    await up.mika.command("calibrate", reply_rate="92.3", replies=4000)
    client = f"7{HOSTILE}"[:100]
    for command, options in (
        ("status", {}), ("status", {"view": "detail"}), ("status", {"view": "forecast"}), ("status", {"view": "rules"}),
        ("pending", {}), ("history", {}), ("job list", {}), ("goal", {}), ("calibrate", {}), ("settings", {}), ("export", {}),
        ("erase", {}), ("check", {"client": client}), ("away", {"from": "13:00", "to": "12/24"}), ("profile", {}),
    ):  # fmt: skip
        answer = await up.mika.command(command, **options)
        assert "不具合" not in answer.text, command
        assert "everyone" not in answer.text.replace("@\u200beveryone", "")
        await _turn_all(up, answer.message)


async def _turn_all(up: Stage, message: Message) -> None:
    for _ in range(40):
        if "次へ →" not in buttons_of(message):
            return
        message = (await up.mika.press(message, "次へ →")).message
        assert sum(len(each.get("content", "")) for each in walk(message.body["components"])) <= 4000


async def test_the_new_settings(up: Stage) -> None:
    guild = up.discord.add_guild()
    card = await up.mika.command("settings", review_day="20日", digest="weekly", keep_old=True, fallback=guild)
    for shown in ("毎月20日", "毎週月曜", "残す", f"<#{guild.id}>"):
        assert shown in card.text
    message = card.message
    assert "審査日のあと**" in (await up.mika.choose(message, "審査日のあと", select=3)).text
    assert "削除する" in (await up.mika.press(message, "古い記録を残す / 残さない")).text
    form = await up.mika.press(message, "審査日")
    assert "1日と仮定" in (await up.mika.fill(form, "")).text
    assert "届かないときのチャンネル: **なし**" in (await up.mika.command("settings", no_fallback=True)).text
