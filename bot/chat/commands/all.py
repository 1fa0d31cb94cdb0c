"""Every command, in the order in which Discord shows them."""

from bot.chat.client import NinteiClient
from bot.chat.commands.about import add_about_command
from bot.chat.commands.check import add_check_commands
from bot.chat.commands.fee import add_fee_command
from bot.chat.commands.help import add_help_command
from bot.chat.commands.history import add_history_command
from bot.chat.commands.inbox import add_inbox_commands
from bot.chat.commands.job import add_job_commands
from bot.chat.commands.pending import add_pending_command
from bot.chat.commands.porting import add_porting_commands
from bot.chat.commands.profile import add_profile_commands
from bot.chat.commands.record import add_record_commands
from bot.chat.commands.settings import add_settings_command
from bot.chat.commands.start import add_start_command
from bot.chat.commands.status import add_status_command


def add_commands(client: NinteiClient) -> None:
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
