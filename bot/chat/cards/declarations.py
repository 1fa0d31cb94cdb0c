"""What a member says of themselves: the profile's checklist, the goal, what Lancers displays."""

from datetime import date, timedelta

import discord
from discord import ui

from bot.chat.cards.frame import CALM, GOOD, card, row, text
from bot.chat.controls import Act, Choose, Of, Press, presses
from bot.chat.words import safe
from bot.domain.certification.calibration import DisplayedFigures
from bot.domain.certification.facts import ProfileItem
from bot.i18n import formatting
from bot.i18n.translations import Translations
from bot.services.profile import Calibration, Profile
from storage.profile import Goal


def profile_card(texts: Translations, profile: Profile, old_after: timedelta) -> ui.LayoutView:
    """The nine items with the day each was last confirmed, and the last log-in."""
    lines = []
    for item in ProfileItem:
        known = profile.items.get(item)
        lines.append(
            texts(
                "profile-line",
                mark="❔" if known is None else "✅" if known.is_filled else "⬜",
                item=texts(f"profile-{item.replace('_', '-')}"),
                day="–" if known is None else _day(texts, known.on, profile.today, old_after),
            )
        )
    login = formatting.format_day(texts, profile.last_login)
    options = [
        discord.SelectOption(
            label=texts(f"profile-{item.replace('_', '-')}"),
            value=item.value,
            default=bool((known := profile.items.get(item)) and known.is_filled),
        )
        for item in ProfileItem
    ]
    filled = sum(each.is_filled for each in profile.items.values())
    return card(
        [
            text(texts("profile-title", filled=str(filled)), *lines, texts("profile-login", day=login)),
            *([] if profile.items else [text(texts("profile-none"))]),
            row(Choose(Of.PROFILE, 0, Act.ITEMS, options, texts("profile-choose"), least=0, most=len(options))),
            row(
                Press(Of.PROFILE, 0, Act.CONFIRM, texts("profile-confirm")),
                *presses(texts, Of.PROFILE, 0, [Act.LOGGED_IN]),
            ),
        ],
        GOOD if filled == len(options) else CALM,
    )


def _day(texts: Translations, day: date, today: date, old_after: timedelta) -> str:
    return texts("said-old" if today - day > old_after else "said-on", day=formatting.format_day(texts, day))


def goal_card(texts: Translations, goal: Goal | None, today: date, old_after: timedelta) -> ui.LayoutView:
    """The member's own line."""
    if goal is None:
        return card([text(texts("goal-none"))])
    return card(
        [
            text(
                texts(
                    "goal-line",
                    category=safe(goal.category) or texts("goal-all"),
                    line=formatting.format_yen(texts, goal.earnings_threshold),
                    day=_day(texts, goal.set_on, today, old_after),
                ),
                texts("goal-source", source=safe(goal.source)) if goal.source else texts("goal-no-source"),
                texts("goal-about"),
            )
        ]
    )


def calibration_card(
    texts: Translations, calibration: Calibration | None, today: date, old_after: timedelta
) -> ui.LayoutView:
    """What Lancers displayed, beside the record."""
    if calibration is None:
        return card([text(texts("calibrate-none"))])
    shown, recorded = calibration.displayed, calibration.recorded
    return card(
        [
            text(
                texts("calibrate-title", day=_day(texts, shown.on, today, old_after)),
                *_figures(texts, shown),
                texts(
                    "calibrate-recorded",
                    oldest=formatting.format_percent(texts, recorded.permille),
                    on_time=recorded.on_time,
                    newest=recorded.on_time + recorded.ambiguous,
                    replies=recorded.replies,
                ),
                texts(
                    f"calibrate-{calibration.agreement.replace('_', '-')}",
                    count=abs((shown.replies or 0) - recorded.replies),
                ),
            )
        ]
    )


def _figures(texts: Translations, shown: DisplayedFigures) -> list[str]:
    lines = []
    for name in ("reply_rate", "completion_rate", "task_approval", "satisfaction"):
        tenths = getattr(shown, name)
        if tenths is not None:
            value = formatting.format_percent(texts, tenths, whole=name == "reply_rate" and shown.reply_rate_unit != 1)
            lines.append(texts("calibrate-figure", name=texts(f"criterion-{name.replace('_', '-')}"), value=value))
    if shown.replies is not None:
        lines.append(
            texts(
                "calibrate-figure", name=texts("calibrate-replies"), value=formatting.format_count(texts, shown.replies)
            )
        )
    if shown.evaluation is not None:
        value = formatting.format_stars(texts, shown.evaluation)
        lines.append(texts("calibrate-figure", name=texts("criterion-evaluation"), value=value))
    if shown.earnings is not None:
        lines.append(
            texts(
                "calibrate-figure", name=texts("criterion-earnings"), value=formatting.format_yen(texts, shown.earnings)
            )
        )
    return lines
