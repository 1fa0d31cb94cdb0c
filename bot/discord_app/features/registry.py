"""Every command, in the order in which Discord shows them."""

from bot.discord_app.client import NinteiClient
from bot.discord_app.features.about.commands import add_about_command
from bot.discord_app.features.advice.commands import add_check_commands
from bot.discord_app.features.data.commands import add_porting_commands
from bot.discord_app.features.fee.commands import add_fee_command
from bot.discord_app.features.help.commands import add_help_command
from bot.discord_app.features.history.commands import add_history_command
from bot.discord_app.features.inbox.commands import add_inbox_commands
from bot.discord_app.features.jobs.commands import add_job_commands
from bot.discord_app.features.onboarding.commands import add_start_command
from bot.discord_app.features.pending.commands import add_pending_command
from bot.discord_app.features.profile.commands import add_profile_commands
from bot.discord_app.features.recording.commands import add_record_commands
from bot.discord_app.features.settings.commands import add_settings_command
from bot.discord_app.features.status.commands import add_status_command


def register_commands(client: NinteiClient) -> None:
    """Add them to the client's tree."""
    add_status_command(client)
    add_fee_command(client)
    add_pending_command(client)
    add_check_commands(client)
    add_job_commands(client)
    add_profile_commands(client)
    add_history_command(client)
    add_porting_commands(client)
    add_settings_command(client)
    add_inbox_commands(client)
    add_record_commands(client)
    add_start_command(client)
    add_help_command(client)
    add_about_command(client)
