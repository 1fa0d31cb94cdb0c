"""`/mail`: Lancers' notifications reach the bot by themselves; and its buttons."""

from bot.discord_app.context import InteractionContext
from bot.discord_app.features.mail.cards import (
    CONFIRMED,
    confirm_address_change_card,
    mail_bridge_card,
    mail_guide_card,
    mail_overview_card,
    mail_provider_choice_card,
    mail_test_card,
    provider_of_number,
)
from bot.discord_app.registry import command, on
from bot.discord_app.ui.components import Press, parse_selected_id
from bot.discord_app.ui.layout import Card, notice_card
from bot.discord_app.ui.press_words import Action, Target
from bot.errors import NotAllowedError
from bot.services.mail import TEST_DURATION


@command("mail")
async def mail_command(ctx: InteractionContext) -> None:
    await ctx.respond(await current_mail_card(ctx))


async def current_mail_card(ctx: InteractionContext) -> Card:
    """The first card of `/mail`, as far as the member is."""
    mail = ctx.services.mail
    if not mail.is_available:
        return mail_bridge_card(ctx.texts, await ctx.services.inboxes.find_by_member(ctx.member_id))
    overview = await mail.overview(ctx.member_id, now=ctx.now)
    if overview.address is None:
        return mail_provider_choice_card(ctx.texts)
    return mail_overview_card(ctx.texts, overview, overview.address, now=ctx.now)


@on(Target.MAIL, Action.GO_TO_PAGE)
async def show_mail_overview(ctx: InteractionContext, _press: Press) -> None:
    await ctx.edit_message(await current_mail_card(ctx))


@on(Target.MAIL, Action.CHOOSE_PROVIDER)
async def show_mail_guide(ctx: InteractionContext, press: Press) -> None:
    """The guide for a mail provider with the member's address, which is made now; or the choice of providers."""
    number = parse_selected_id(press.values)
    provider = provider_of_number(number)
    if provider is None:
        await ctx.edit_message(mail_provider_choice_card(ctx.texts))
        return
    mail = ctx.services.mail
    address = await mail.get_or_create_address(ctx.member_id, now=ctx.now)
    await ctx.edit_message(mail_guide_card(ctx.texts, number, provider, mail.full_address(address)))


@on(Target.MAIL, Action.TEST_MAIL)
async def start_mail_test(ctx: InteractionContext, press: Press) -> None:
    """Say within seconds what the next mail is; without a mailbox, what came last into the inbox channel."""
    mail = ctx.services.mail
    if not mail.is_available:
        await ctx.edit_message(await current_mail_card(ctx))
        return
    address = await mail.get_or_create_address(ctx.member_id, now=ctx.now)
    if address.paused_at is not None:
        raise NotAllowedError("mail-test-paused")
    await mail.start_test(ctx.member_id, now=ctx.now)
    number = press.target_id if provider_of_number(press.target_id) else 0
    await ctx.edit_message(mail_test_card(ctx.texts, number, mail.full_address(address), ctx.now + TEST_DURATION))


@on(Target.MAIL, Action.PAUSE, Action.RESUME)
async def pause_or_resume_mail(ctx: InteractionContext, press: Press) -> None:
    await ctx.services.mail.set_recording_paused(ctx.member_id, ctx.now if press.action is Action.PAUSE else None)
    await ctx.edit_message(await current_mail_card(ctx))


@on(Target.MAIL, Action.NEW_ADDRESS)
async def replace_mail_address(ctx: InteractionContext, press: Press) -> None:
    """Ask first; then show the mail providers, at which the new address is to be entered."""
    if press.values != (CONFIRMED,):
        await ctx.edit_message(confirm_address_change_card(ctx.texts, press.action))
        return
    await ctx.services.mail.replace_address(ctx.member_id, now=ctx.now)
    await ctx.edit_message(mail_provider_choice_card(ctx.texts, ctx.texts("mail-renewed")))


@on(Target.MAIL, Action.REMOVE_ADDRESS)
async def remove_mail_address(ctx: InteractionContext, press: Press) -> None:
    if press.values != (CONFIRMED,):
        await ctx.edit_message(confirm_address_change_card(ctx.texts, press.action))
        return
    await ctx.services.mail.remove_address(ctx.member_id)
    await ctx.edit_message(notice_card(ctx.texts("mail-removed")))
