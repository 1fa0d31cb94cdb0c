"""What a member can enter for the criteria that are not met or not known, with a button for each way."""

from bot.discord_app.features.status.criterion_text import criterion_notes
from bot.discord_app.features.status.headline import headline
from bot.discord_app.ui.components import Action, ActionButton, Target, action_row
from bot.discord_app.ui.layout import Card, LayoutItem, build_card, row, text
from bot.domain.certification.gap import find_gap
from bot.i18n.translations import Translations, hyphenated
from bot.services.status import StatusReport


def fill_card(texts: Translations, report: StatusReport) -> Card:
    """The first lines of the status, what each open criterion needs, and the buttons to enter it."""
    gap = find_gap(report.standing)
    lines = [
        texts("status-fill-line", name=texts(f"criterion-{hyphenated(criterion.id)}"), note=note)
        for criterion in gap.unknown
        for note in criterion_notes(texts, report, criterion)
    ]
    open_ids = {criterion.id for criterion in (*gap.not_met, *gap.unknown)}
    buttons = []
    if "profile" in open_ids:
        buttons.append(ActionButton(Target.PROFILE, 0, Action.VIEW, texts("action-profile")))
    if "last_login" in open_ids:
        buttons.append(ActionButton(Target.STATUS, 0, Action.CONFIRM_LOGIN, texts("action-logged-in")))
    parts: list[LayoutItem] = [text(*headline(texts, report))]
    if lines:
        parts.append(text(*lines))
    if buttons:
        parts.append(row(*buttons))
    return build_card([*parts, action_row(texts, Target.STATUS, 0, [Action.BACK])])
