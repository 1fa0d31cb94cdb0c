"""What a member says of themselves: the profile's checklist, the goal, what Lancers displays."""

from datetime import date, timedelta

import discord
from discord import ui

from bot.discord_app.ui.components import Action, ActionButton, ActionSelect, Target, action_buttons
from bot.discord_app.ui.formatting import escape
from bot.discord_app.ui.layout import INFO, SUCCESS, build_card, row, text
from bot.domain.certification.calibration import DisplayedFigures
from bot.domain.certification.facts import ProfileItem
from bot.i18n import formatting
from bot.i18n.translations import Translations
from bot.services.profile import Calibration, Profile
from storage.profile import Goal


def profile_card(texts: Translations, profile: Profile, stale_after: timedelta) -> ui.LayoutView:
    """The nine items with the day each was last confirmed, and the last log-in."""
    lines = []
    for item in ProfileItem:
        known = profile.items.get(item)
        lines.append(
            texts(
                "profile-line",
                mark="❔" if known is None else "✅" if known.is_filled else "⬜",
                item=texts(f"profile-{item.replace('_', '-')}"),
                day="–" if known is None else _day(texts, known.on, profile.today, stale_after),
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
    return build_card(
        [
            text(texts("profile-title", filled=str(filled)), *lines, texts("profile-login", day=login)),
            *([] if profile.items else [text(texts("profile-none"))]),
            row(
                ActionSelect(
                    Target.PROFILE,
                    0,
                    Action.SET_PROFILE_ITEMS,
                    options,
                    texts("profile-choose"),
                    min_values=0,
                    max_values=len(options),
                )
            ),
            row(
                ActionButton(Target.PROFILE, 0, Action.CONFIRM, texts("profile-confirm")),
                *action_buttons(texts, Target.PROFILE, 0, [Action.CONFIRM_LOGIN]),
            ),
        ],
        SUCCESS if filled == len(options) else INFO,
    )


def _day(texts: Translations, day: date, today: date, stale_after: timedelta) -> str:
    return texts(
        "confirmed-outdated" if today - day > stale_after else "confirmed-on", day=formatting.format_day(texts, day)
    )


def goal_card(texts: Translations, goal: Goal | None, today: date, stale_after: timedelta) -> ui.LayoutView:
    """The member's own line."""
    if goal is None:
        return build_card([text(texts("goal-none"))])
    return build_card(
        [
            text(
                texts(
                    "goal-line",
                    category=escape(goal.category) or texts("goal-all"),
                    line=formatting.format_yen(texts, goal.earnings_threshold),
                    day=_day(texts, goal.set_on, today, stale_after),
                ),
                texts("goal-source", source=escape(goal.source)) if goal.source else texts("goal-no-source"),
                texts("goal-about"),
            )
        ]
    )


def calibration_card(
    texts: Translations, calibration: Calibration | None, today: date, stale_after: timedelta
) -> ui.LayoutView:
    """What Lancers displayed, beside the record."""
    if calibration is None:
        return build_card([text(texts("calibrate-none"))])
    displayed, recorded = calibration.displayed, calibration.recorded
    return build_card(
        [
            text(
                texts("calibrate-title", day=_day(texts, displayed.on, today, stale_after)),
                *_figures(texts, displayed),
                texts(
                    "calibrate-recorded",
                    oldest=formatting.format_percent(texts, recorded.permille),
                    on_time=recorded.on_time,
                    newest=recorded.on_time + recorded.ambiguous,
                    replies=recorded.replies,
                ),
                texts(
                    f"calibrate-{calibration.agreement.replace('_', '-')}",
                    count=abs((displayed.replies or 0) - recorded.replies),
                ),
            )
        ]
    )


def _figures(texts: Translations, displayed: DisplayedFigures) -> list[str]:
    lines = []
    for name in ("reply_rate", "completion_rate", "task_approval", "satisfaction"):
        tenths = getattr(displayed, name)
        if tenths is not None:
            value = formatting.format_percent(
                texts, tenths, whole=name == "reply_rate" and displayed.reply_rate_unit != 1
            )
            lines.append(texts("calibrate-figure", name=texts(f"criterion-{name.replace('_', '-')}"), value=value))
    if displayed.replies is not None:
        lines.append(
            texts(
                "calibrate-figure",
                name=texts("calibrate-replies"),
                value=formatting.format_count(texts, displayed.replies),
            )
        )
    if displayed.evaluation is not None:
        value = formatting.format_stars(texts, displayed.evaluation)
        lines.append(texts("calibrate-figure", name=texts("criterion-evaluation"), value=value))
    if displayed.earnings is not None:
        lines.append(
            texts(
                "calibrate-figure",
                name=texts("criterion-earnings"),
                value=formatting.format_yen(texts, displayed.earnings),
            )
        )
    return lines
