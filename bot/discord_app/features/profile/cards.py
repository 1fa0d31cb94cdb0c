"""What the member declares: the profile's checklist, the goals, the figures that Lancers displays."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import discord
from discord import ui

from bot.discord_app.ui.components import ActionButton, ActionSelect
from bot.discord_app.ui.formatting import bold, escape_name
from bot.discord_app.ui.layout import INFO, SUCCESS, Card, LayoutItem, build_card, small_print, text_block
from bot.discord_app.ui.press_words import Action, Target
from bot.domain.certification.calibration import ComparisonResult
from bot.domain.certification.earnings_reports import EarningsReport, earnings_reports
from bot.domain.certification.facts import DeclaredItem, ProfileItem, RankItem
from bot.domain.certification.ranks import Rank
from bot.i18n.formatting import (
    EMPTY_VALUE,
    format_count,
    format_day,
    format_permille_as_percent,
    format_stars,
    format_yen,
)
from bot.i18n.reply_rate import format_rate, format_rate_estimate
from bot.i18n.translations import Translations
from bot.services.preference_changes import DEFAULT_WORD
from bot.services.profile import Calibration, Profile
from storage.members import Badge
from storage.profile import ConfirmedProfile, Goal


def profile_card(texts: Translations, profile: Profile, stale_after: timedelta, *, note: str | None) -> Card:
    """The nine items and what ranks ask, with the day each was last confirmed, and the last log-in.

    `note`: what the edition asks of the items beyond their names.
    """
    filled = sum(declared.is_filled for declared in profile.items.values())
    confirm = ActionButton(Target.PROFILE, 0, Action.CONFIRM, texts("profile-confirm"))
    confirm_login = ActionButton(Target.PROFILE, 0, Action.CONFIRM_LOGIN, texts("action-logged-in"))
    lines = [
        texts("profile-title", filled=str(filled)),
        *_profile_item_lines(texts, ProfileItem, profile.items, profile.today, stale_after),
        texts("profile-login", day=format_day(texts, profile.last_login)),
    ]
    if note is not None:
        lines.append(small_print(note))
    parts: list[LayoutItem] = [text_block(*lines)]
    if not profile.items:
        parts.append(text_block(texts("profile-none")))
    parts += [
        ui.ActionRow(_profile_item_select(texts, Action.SET_PROFILE_ITEMS, ProfileItem, profile.items)),
        ui.ActionRow(*([confirm] if profile.items or profile.rank_items else []), confirm_login),
        ui.Separator(),
        text_block(
            texts("profile-rank-title"),
            *_profile_item_lines(texts, RankItem, profile.rank_items, profile.today, stale_after),
            texts("profile-rank", rank=declared_rank_text(texts, profile.rank, profile.rank_on, profile.badge)),
        ),
        ui.ActionRow(_profile_item_select(texts, Action.SET_RANK_ITEMS, RankItem, profile.rank_items)),
        ui.ActionRow(_rank_select(texts, profile.rank)),
    ]
    return build_card(parts, SUCCESS if filled == len(ProfileItem) else INFO)


def _profile_item_lines(
    texts: Translations,
    items: Iterable[DeclaredItem],
    declared: Mapping[Any, ConfirmedProfile],
    today: date,
    stale_after: timedelta,
) -> Iterator[str]:
    for item in items:
        stated = declared.get(item)
        day = _confirmed_on_text(texts, stated.on, today, stale_after) if stated else EMPTY_VALUE
        yield profile_item_line(texts, item, stated, day)


def _profile_item_select(
    texts: Translations, action: Action, items: Iterable[DeclaredItem], declared: Mapping[Any, ConfirmedProfile]
) -> ActionSelect:
    """All items, those that are filled in chosen."""
    options = [
        discord.SelectOption(
            label=texts(f"profile-{item}"),
            value=item.value,
            default=item in declared and declared[item].is_filled,
        )
        for item in items
    ]
    prompt = texts("profile-choose")
    return ActionSelect(Target.PROFILE, 0, action, options, prompt, min_values=0, max_values=len(options))


def _rank_select(texts: Translations, declared: Rank | None) -> ActionSelect:
    """The rank that Lancers shows."""
    options = [
        discord.SelectOption(label=texts("rank-by-criteria"), value=DEFAULT_WORD, default=declared is None),
        *(
            discord.SelectOption(label=texts(f"rank-{rank}"), value=rank.value, default=rank is declared)
            for rank in Rank
        ),
    ]
    return ActionSelect(Target.PROFILE, 0, Action.RANK, options, texts("preference-rank"))


def declared_rank_text(texts: Translations, rank: Rank | None, day: date | None, badge: Badge) -> str:
    """A declared rank with its day, the one that follows from the badge, or that it is judged by the criteria."""
    if rank is None and badge is Badge.HELD:
        return texts("rank-from-badge", rank=texts(f"rank-{Rank.CERTIFIED}"))
    if rank is None:
        return texts("rank-by-criteria")
    return texts("rank-declared", rank=texts(f"rank-{rank}"), day=format_day(texts, day))


def profile_item_line(texts: Translations, item: DeclaredItem, declared: ConfirmedProfile | None, day: str) -> str:
    """An item with its mark, and the day on which it was declared."""
    mark = "❔" if declared is None else "✅" if declared.is_filled else "⬜"
    return texts("profile-line", mark=mark, item=texts(f"profile-{item}"), day=day)


def _confirmed_on_text(texts: Translations, day: date, today: date, stale_after: timedelta) -> str:
    text_id = "confirmed-outdated" if today - day > stale_after else "confirmed-on"
    return texts(text_id, day=format_day(texts, day))


def goal_card(texts: Translations, goals: Sequence[Goal], today: date, stale_after: timedelta) -> Card:
    """The member's own estimates of the earnings that the criterion requires; one that is reached is enough."""
    if not goals:
        return build_card([text_block(texts("goal-none"))])
    lines = []
    for goal in goals:
        line = texts(
            "goal-line",
            category=bold(goal.category or texts("goal-all")),
            line=format_yen(texts, goal.earnings_threshold),
            day=_confirmed_on_text(texts, goal.set_on, today, stale_after),
        )
        source = texts("goal-source", source=escape_name(goal.source)) if goal.source else texts("goal-no-source")
        lines += [line, source]
    if len(goals) > 1:
        lines.append(texts("goal-one-is-enough"))
    reports = dict.fromkeys(report for goal in goals for report in earnings_reports(goal.category))
    if reports:
        lines += [texts("goal-reports"), *(small_print(earnings_report_text(texts, report)) for report in reports)]
    return build_card([text_block(*lines, texts("goal-before-fees"), texts("goal-about"))])


def earnings_report_text(texts: Translations, report: EarningsReport) -> str:
    """Somebody's report about a line, with its date and its source."""
    return texts(
        f"goal-report-{report.kind}",
        amount=format_yen(texts, report.amount),
        count=report.count,
        day=report.reported_on,
        source=report.source,
    )


def calibration_card(
    texts: Translations,
    calibration: Calibration | None,
    today: date,
    stale_after: timedelta,
    *,
    given_on: date | None,
) -> Card:
    """The figures that Lancers displays, beside those of the record.

    `given_on`: the day of the figures that were noted now.
    """
    if calibration is None:
        return build_card([text_block(texts("calibrate-none"))])
    displayed, recorded = calibration.displayed, calibration.recorded
    title = texts("calibrate-title", day=_confirmed_on_text(texts, displayed.on, today, stale_after))
    record = texts(
        "calibrate-recorded",
        on_time=recorded.on_time,
        newest=recorded.on_time + recorded.ambiguous if recorded.ambiguous else "same",
        replies=recorded.replies,
    )
    difference = abs((displayed.replies or 0) - recorded.replies)
    rate, now = calibration.rate, None
    agreement = texts(f"calibrate-{calibration.agreement}", count=difference)
    if rate.estimate is not None:
        if not rate.estimate.unseen:
            agreement = texts("calibrate-all-left")
        now = texts("calibrate-now", rate=format_rate(texts, rate), estimate=format_rate_estimate(texts, rate))
    elif calibration.agreement is ComparisonResult.NOTHING and displayed.reply_rate is None:
        agreement = texts("calibrate-rate-missing")
    elif calibration.agreement is ComparisonResult.UNSEEN:
        agreement = texts("calibrate-no-rate" if displayed.reply_rate is None else "calibrate-too-old")
    older = None
    if given_on is not None and given_on < displayed.on:
        older = texts("calibrate-older", day=format_day(texts, given_on))
    return build_card([text_block(older, title, *_displayed_figure_lines(texts, calibration), record, agreement, now)])


def _displayed_figure_lines(texts: Translations, calibration: Calibration) -> Iterator[str]:
    displayed = calibration.displayed

    def figure(id_: str, name: str, value: str) -> str:
        line = texts("calibrate-figure", name=name, value=value)
        day = calibration.days[id_]
        return line if day == displayed.on else texts("calibrate-figure-of", line=line, day=format_day(texts, day))

    for criterion in ("reply_rate", "completion_rate", "task_approval", "satisfaction"):
        permille = getattr(displayed, criterion)
        if permille is not None:
            whole = criterion == "reply_rate" and displayed.reply_rate_unit != 1
            name = texts(f"criterion-{criterion}")
            yield figure(criterion, name, format_permille_as_percent(texts, permille, whole=whole))
    if displayed.replies is not None:
        yield figure("replies", texts("calibrate-replies"), format_count(texts, displayed.replies))
    if displayed.evaluation is not None:
        yield figure("evaluation", texts("criterion-evaluation"), format_stars(texts, displayed.evaluation))
    if displayed.earnings is not None:
        yield figure("earnings", texts("criterion-earnings"), format_yen(texts, displayed.earnings))
