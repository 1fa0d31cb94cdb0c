"""What a member can enter for the criteria that are not met or not known, with a button for each way."""

from bot.discord_app.features.status.criterion_text import criterion_notes
from bot.discord_app.features.status.headline import status_headline
from bot.discord_app.ui.components import ActionButton, action_row
from bot.discord_app.ui.layout import Card, LayoutItem, build_card, control_row, text_block
from bot.discord_app.ui.press_words import Action, Target
from bot.domain.certification.gap import Gap, find_criteria_gap
from bot.i18n.translations import Translations, hyphenated_enum_value
from bot.services.status import StatusReport


def actions_to_fill_criteria(gap: Gap) -> list[Action]:
    """How what is missing or unknown can be entered, in the order of the criteria, each way once."""
    ids = [criterion.id for criterion in (*gap.unknown, *gap.not_met)]
    return list(dict.fromkeys(map(_action_to_fill_criterion, ids)))


def _action_to_fill_criterion(criterion_id: str) -> Action:
    match criterion_id:
        case "profile":
            return Action.FILL_PROFILE
        case "earnings":
            return Action.FILL_GOAL
        case "last_login":
            return Action.CONFIRM_LOGIN
        case _:
            return Action.FILL_DISPLAYED


def ways_to_fill_card(texts: Translations, report: StatusReport) -> Card:
    """The first lines of the status, what each open criterion needs, and the buttons to enter it."""
    gap = find_criteria_gap(report.standing)
    lines = [
        texts("status-fill-line", name=texts(f"criterion-{hyphenated_enum_value(criterion.id)}"), note=note)
        for criterion in gap.unknown
        for note in criterion_notes(texts, report, criterion)
    ]
    parts: list[LayoutItem] = [text_block(*status_headline(texts, report, gap))]
    if lines:
        parts.append(text_block(*lines))
    labels = {
        Action.FILL_PROFILE: "action-profile",
        Action.FILL_GOAL: "action-goal",
        Action.CONFIRM_LOGIN: "action-logged-in",
        Action.FILL_DISPLAYED: "action-displayed",
    }
    buttons = [ActionButton(Target.STATUS, 0, way, texts(labels[way])) for way in actions_to_fill_criteria(gap)]
    if buttons:
        parts.append(control_row(*buttons))
    return build_card([*parts, action_row(texts, Target.STATUS, 0, [Action.BACK])])
