"""What the member declares: the profile's checklist, the goal, the figures that Lancers displays."""

from collections.abc import Iterator
from datetime import date, timedelta

import discord

from bot.discord_app.ui.components import Action, ActionButton, ActionSelect, Target
from bot.discord_app.ui.formatting import bold, escape
from bot.discord_app.ui.layout import INFO, SUCCESS, Card, LayoutItem, build_card, row, text
from bot.domain.certification.facts import ProfileItem
from bot.i18n.formatting import EMPTY_VALUE, format_count, format_day, format_percent, format_stars, format_yen
from bot.i18n.reply_rate import format_estimate, format_rate
from bot.i18n.translations import Translations, hyphenated
from bot.services.profile import Calibration, Profile
from storage.profile import ConfirmedProfile, Goal


def profile_card(texts: Translations, profile: Profile, stale_after: timedelta) -> Card:
    """The nine items with the day each was last confirmed, and the last log-in."""
    lines, options = [], []
    for item in ProfileItem:
        declared = profile.items.get(item)
        day = _confirmed_on(texts, declared.on, profile.today, stale_after) if declared else EMPTY_VALUE
        lines.append(profile_line(texts, item, declared, day))
        label, is_filled = texts(f"profile-{hyphenated(item)}"), declared is not None and declared.is_filled
        options.append(discord.SelectOption(label=label, value=item.value, default=is_filled))
    filled = sum(option.default for option in options)
    count, prompt = len(options), texts("profile-choose")
    select = ActionSelect(Target.PROFILE, 0, Action.SET_PROFILE_ITEMS, options, prompt, min_values=0, max_values=count)
    confirm = ActionButton(Target.PROFILE, 0, Action.CONFIRM, texts("profile-confirm"))
    confirm_login = ActionButton(Target.PROFILE, 0, Action.CONFIRM_LOGIN, texts("action-logged-in"))
    last_login = texts("profile-login", day=format_day(texts, profile.last_login))
    parts: list[LayoutItem] = [text(texts("profile-title", filled=str(filled)), *lines, last_login)]
    if not profile.items:
        parts.append(text(texts("profile-none")))
    return build_card([*parts, row(select), row(confirm, confirm_login)], SUCCESS if filled == count else INFO)


def profile_line(texts: Translations, item: ProfileItem, declared: ConfirmedProfile | None, day: str) -> str:
    """An item with its mark, and the day on which it was declared."""
    mark = "❔" if declared is None else "✅" if declared.is_filled else "⬜"
    return texts("profile-line", mark=mark, item=texts(f"profile-{hyphenated(item)}"), day=day)


def _confirmed_on(texts: Translations, day: date, today: date, stale_after: timedelta) -> str:
    text_id = "confirmed-outdated" if today - day > stale_after else "confirmed-on"
    return texts(text_id, day=format_day(texts, day))


def goal_card(texts: Translations, goal: Goal | None, today: date, stale_after: timedelta) -> Card:
    """The member's own estimate of the earnings that the criterion requires."""
    if goal is None:
        return build_card([text(texts("goal-none"))])
    line = texts(
        "goal-line",
        category=bold(goal.category or texts("goal-all")),
        line=format_yen(texts, goal.earnings_threshold),
        day=_confirmed_on(texts, goal.set_on, today, stale_after),
    )
    source = texts("goal-source", source=escape(goal.source)) if goal.source else texts("goal-no-source")
    return build_card([text(line, source, texts("goal-about"))])


def calibration_card(texts: Translations, calibration: Calibration | None, today: date, stale_after: timedelta) -> Card:
    """The figures that Lancers displays, beside those of the record."""
    if calibration is None:
        return build_card([text(texts("calibrate-none"))])
    displayed, recorded = calibration.displayed, calibration.recorded
    title = texts("calibrate-title", day=_confirmed_on(texts, displayed.on, today, stale_after))
    record = texts(
        "calibrate-recorded",
        on_time=recorded.on_time,
        newest=recorded.on_time + recorded.ambiguous,
        replies=recorded.replies,
    )
    difference = abs((displayed.replies or 0) - recorded.replies)
    agreement = texts(f"calibrate-{hyphenated(calibration.agreement)}", count=difference)
    rate, now = calibration.rate, None
    if rate.estimate is not None:
        now = texts("calibrate-now", rate=format_rate(texts, rate), estimate=format_estimate(texts, rate))
    return build_card([text(title, *_displayed_figures(texts, calibration), record, agreement, now)])


def _displayed_figures(texts: Translations, calibration: Calibration) -> Iterator[str]:
    displayed = calibration.displayed

    def figure(id_: str, name: str, value: str) -> str:
        line = texts("calibrate-figure", name=name, value=value)
        day = calibration.days[id_]
        return line if day == displayed.on else texts("calibrate-figure-of", line=line, day=format_day(texts, day))

    for criterion in ("reply_rate", "completion_rate", "task_approval", "satisfaction"):
        permille = getattr(displayed, criterion)
        if permille is not None:
            whole = criterion == "reply_rate" and displayed.reply_rate_unit != 1
            name = texts(f"criterion-{hyphenated(criterion)}")
            yield figure(criterion, name, format_percent(texts, permille, whole=whole))
    if displayed.replies is not None:
        yield figure("replies", texts("calibrate-replies"), format_count(texts, displayed.replies))
    if displayed.evaluation is not None:
        yield figure("evaluation", texts("criterion-evaluation"), format_stars(texts, displayed.evaluation))
    if displayed.earnings is not None:
        yield figure("earnings", texts("criterion-earnings"), format_yen(texts, displayed.earnings))
