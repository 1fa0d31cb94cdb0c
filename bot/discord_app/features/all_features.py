"""The one place that names every feature: the commands, in the order in which Discord lists them, and the handlers.

Importing a module registers its handlers of presses and forms.
"""

from typing import Any, Final

from discord import app_commands

import bot.discord_app.features.announcements.actions
import bot.discord_app.features.contracts.actions
import bot.discord_app.features.data.actions
import bot.discord_app.features.history.actions
import bot.discord_app.features.onboarding.actions
import bot.discord_app.features.pending.actions
import bot.discord_app.features.recording.batch_actions
import bot.discord_app.features.recording.draft_actions
import bot.discord_app.features.recording.message_actions
import bot.discord_app.features.settings.actions
from bot.discord_app.features.about.commands import about_command
from bot.discord_app.features.advice.commands import away_command, check_command
from bot.discord_app.features.data.commands import erase_command, export_command, import_command
from bot.discord_app.features.fee.commands import fee_command
from bot.discord_app.features.help.commands import help_command
from bot.discord_app.features.history.commands import history_command
from bot.discord_app.features.inbox.commands import inbox_commands
from bot.discord_app.features.jobs.commands import job_commands
from bot.discord_app.features.mail.commands import mail_command
from bot.discord_app.features.muting.commands import mute_command
from bot.discord_app.features.onboarding.commands import start_command
from bot.discord_app.features.pending.commands import pending_command
from bot.discord_app.features.profile.commands import calibrate_command, goal_command, profile_command
from bot.discord_app.features.recording.commands import received_command, received_menu, replied_command, replied_menu
from bot.discord_app.features.settings.commands import settings_command
from bot.discord_app.features.status.commands import status_command

COMMANDS: Final[tuple[app_commands.Command[Any, ..., Any] | app_commands.Group | app_commands.ContextMenu, ...]] = (
    status_command,
    fee_command,
    pending_command,
    check_command,
    away_command,
    job_commands,
    profile_command,
    goal_command,
    calibrate_command,
    history_command,
    import_command,
    export_command,
    erase_command,
    settings_command,
    mute_command,
    mail_command,
    inbox_commands,
    received_command,
    replied_command,
    received_menu,
    replied_menu,
    start_command,
    help_command,
    about_command,
)
