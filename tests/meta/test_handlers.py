"""Every control that a card shows has a handler, and no two features handle the same press."""

import re
from pathlib import Path

import pytest

from bot.discord_app import registry
from bot.discord_app.features import all_features
from bot.discord_app.ui.components import press_handlers
from bot.discord_app.ui.press_words import Action, Target

CUSTOM_IDS = Path(__file__).parents[1] / "contracts" / "golden" / "custom-ids.txt"


def handled() -> set[tuple[Target, Action]]:
    """The pairs that a feature handles."""
    assert all_features.COMMANDS
    return {pair for pair, handler in press_handlers.items() if handler is not registry._UNKNOWN}


def test_every_control_of_a_card_has_a_handler() -> None:
    shown = re.findall(r"^\w+:([\w-]+):N:([\w-]+)$", CUSTOM_IDS.read_text(), flags=re.MULTILINE)
    assert len(shown) > 50
    assert {(target, action) for target, action in shown} - handled() == set()


def test_every_pair_is_answered() -> None:
    assert press_handlers.keys() == {(target, action) for target in Target for action in Action}


def test_a_second_handler_for_a_press_is_refused() -> None:
    target, action = next(iter(handled()))
    with pytest.raises(ValueError, match=f"{target!r}"):
        registry.on(target, action)(registry.refuse_unknown_press)
