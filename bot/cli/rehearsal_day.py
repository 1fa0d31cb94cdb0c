"""A day with the bot: forwards, a short line, /status, /fee, reminders, a reply, a late follow-up."""

from datetime import datetime, timedelta

from bot.cli.stage import Stage


def _clock(stage: Stage, hour: int, minute: int = 0, *, days: int = 0) -> datetime:
    local = stage.now().astimezone(stage.zone)
    return local.replace(hour=hour, minute=minute, second=0, microsecond=0) + timedelta(days=days)


async def play(stage: Stage) -> None:
    """Play it; everything is printed as the member sees it."""
    texts = stage.texts
    print(texts("rehearse-title"))
    stage.transcript.time(stage.now())
    await stage.command("start")
    await stage.forward(texts("rehearse-mail-subject"), _clock(stage, 9, 12), "rehearse-forwards")
    receipt = await stage.forward(texts("rehearse-client-message"), _clock(stage, 9, 40), "rehearse-forwards-message")
    another = texts("choose-another")
    stage.transcript.member(texts("rehearse-chooses", label=another))
    form = await stage.person.select_option(receipt, another)
    await stage.fill(form, texts("rehearse-client"), texts("rehearse-job"))
    await stage.write(texts("rehearse-line"))
    await stage.command("status")
    await stage.command("fee", amount="50,000")
    await stage.move_to_next()
    if stage.last is not None:
        await stage.press(stage.last, texts("act-ten-ago"))
    await stage.move_to_next()
    await stage.command("pending")
    await stage.move_to(_clock(stage, 9, 30, days=1))
    await stage.command("replied", client="制作会社A")
    await stage.command("status")
    print()
    print(texts("rehearse-end"))
