"""A reply rate becomes text in one module alone, so that no place can show another figure than the others."""

import ast
from typing import Final

from tests.helpers.text_usage import code

DOOR: Final = "bot/i18n/reply_rate.py"
"""What writes a rate."""

FIGURES: Final = {"permille", "percent", "bounds", "late_replies_allowed", "replies_needed", "is_whole_percent"}
"""Attributes of a rate that are shown."""

READERS: Final = {
    DOOR,
    "bot/cli/standing.py",  # JSON
    "bot/cli/forecast.py",  # JSON
    "bot/cli/check.py",  # JSON
    "bot/discord_app/features/status/headline.py",  # the replies that are missing
    "bot/services/profile.py",  # what a count alone is completed with
    "bot/discord_app/features/status/picture.py",
    "bot/discord_app/features/status/forecast_picture.py",  # the length of a bar, as is the next two
    "bot/discord_app/features/recording/picture.py",
}
"""Modules outside of the rules that read a figure, and why."""

PERCENT_WRITERS: Final = {
    DOOR,
    "bot/discord_app/features/status/criterion_text.py",  # shares of jobs
    "bot/discord_app/features/profile/cards.py",  # the figures as Lancers displayed them
}
"""Modules that write a percentage."""


def test_a_figure_of_a_rate_is_read_by_one_module_alone() -> None:
    packages = ("bot/discord_app", "bot/cli", "bot/i18n", "bot/services", "bot/pictures")
    readers = {
        file
        for file, tree in code(*packages, mentioning="|".join(FIGURES))
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in FIGURES and not _is_model(node)
    }
    assert readers <= READERS


def test_a_percentage_is_written_by_one_module_and_for_other_shares_alone() -> None:
    writers = {
        file
        for file, tree in code("bot/discord_app", "bot/cli", "bot/services", mentioning="format_permille_as_percent")
        for node in ast.walk(tree)
        if isinstance(node, ast.Name | ast.Attribute)
        and "format_permille_as_percent" in {getattr(node, "id", ""), getattr(node, "attr", "")}
    }
    assert writers <= PERCENT_WRITERS


def test_a_rate_is_loaded_by_one_query_alone() -> None:
    """Whoever counts exchanges anew would show the recorded rate."""
    counting = {
        file
        for file, tree in code("storage", mentioning="reply_count_columns")
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and node.id == "reply_count_columns"
    }
    assert counting == {"storage/exchanges.py", "storage/reply_state.py"}


def _is_model(node: ast.Attribute) -> bool:
    """Whether it is a field of a picture's model, which is a number already."""
    return isinstance(node.value, ast.Name) and node.value.id in {"gauge", "bar", "review", "model"}
