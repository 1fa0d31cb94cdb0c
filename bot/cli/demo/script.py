"""The scripted rehearsal: forwards, a short line, /status, /fee, reminders, a reply, a late follow-up."""

from datetime import datetime, timedelta

from bot.cli.demo.session import DemoSession


def _after_nine(session: DemoSession, minute: int, *, days: int = 0) -> datetime:
    """An instant between 9 and 10 o'clock, of the rehearsal's day or so many days later."""
    local = session.now().astimezone(session.zone)
    return local.replace(hour=9, minute=minute, second=0, microsecond=0) + timedelta(days=days)


async def play_demo(session: DemoSession) -> None:
    """Play the script; everything is printed as the member sees it."""
    texts = session.texts
    print(texts("rehearse-title"))
    session.print_time()
    await session.use_command("start")
    await session.forward_to_bot(texts("rehearse-mail-subject"), _after_nine(session, 12), "rehearse-forwards")
    receipt = await session.forward_to_bot(
        texts("rehearse-client-message"), _after_nine(session, 40), "rehearse-forwards-message"
    )
    another = texts("choose-another")
    session.print_member_action(texts("rehearse-chooses", label=another))
    form = await session.person.select_option(receipt, another)
    await session.submit_modal(form, texts("rehearse-client"), texts("rehearse-job"))
    await session.write_to_bot(texts("rehearse-line"))
    await session.use_command("status")
    await session.use_command("fee", amount="50,000")
    await session.advance_to_next_due()
    if session.last_message is not None:
        await session.press_button(session.last_message, texts("action-ten-ago"))
    await session.advance_to_next_due()
    await session.use_command("pending")
    await session.advance_to(_after_nine(session, 30, days=1))
    await session.use_command("replied", client="制作会社A")
    await session.use_command("status")
    print()
    print(texts("rehearse-end"))
