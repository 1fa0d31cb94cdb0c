"""The summary of /status, what can be entered for it, and the rules of the edition with their sources."""

from collections.abc import Iterator
from typing import Final

from discord import ui

from bot.discord_app.features.contracts.parts import contact_request_line
from bot.discord_app.features.status.criterion_text import (
    criterion_notes,
    estimate_not_judged_note,
    estimate_notes,
    format_criterion_threshold,
    format_criterion_value,
)
from bot.discord_app.features.status.headline import criterion_at_risk_line, rank_lines, status_headline
from bot.discord_app.features.status.picture import criterion_picture_row, status_picture
from bot.discord_app.ui.components import ActionButton, action_row
from bot.discord_app.ui.formatting import (
    edition_name,
    format_thread_name,
    format_timestamp,
    format_waiting_thread_name,
    waiting_unit_suffix,
)
from bot.discord_app.ui.layout import DANGER, INFO, SUCCESS, Card, LayoutItem, build_card, small_print, text_block
from bot.discord_app.ui.pictures import PictureSpec
from bot.discord_app.ui.press_words import Action, Target
from bot.domain.certification.criterion import Criterion
from bot.domain.certification.gap import Gap, can_entry_change_criterion, find_criteria_gap
from bot.domain.reply.reply_rate import CriterionStatus, ReplyRate
from bot.i18n import formatting
from bot.i18n.criteria import format_criterion_status
from bot.i18n.reply_rate import MarginTexts, format_margin, format_rate, format_rate_estimate
from bot.i18n.translations import Translations
from bot.services.status import MAX_WAITING_SHOWN, StatusReport
from storage.members import Badge

MAX_NAME_LENGTH: Final = 16
"""Characters of the name of a client in a line."""
_MARGIN_TEXTS: Final = MarginTexts("status-rate-slack", "status-rate-needed")
_COLOURS: Final = {CriterionStatus.MET: SUCCESS, CriterionStatus.NOT_MET: DANGER}


def status_card(texts: Translations, report: StatusReport) -> Card:
    """What is missing, the rank, the rate, what is at risk, what waits; with buttons that lead on.

    The rate and the criteria are in the picture; where there is none they are in the text.
    """

    def picture() -> PictureSpec:
        rows = [
            criterion_picture_row(
                texts,
                criterion,
                format_criterion_value(texts, report, criterion),
                format_criterion_threshold(texts, report, criterion),
            )
            for criterion in report.standing.criteria
        ]
        return status_picture(texts, report, rows)

    card = build_card(_status_parts(texts, report), _COLOURS.get(report.standing.verdict, INFO), picture)
    card.parts_beside_picture = lambda: list(_status_parts(texts, report, beside_picture=True))
    return card


def _status_parts(texts: Translations, report: StatusReport, *, beside_picture: bool = False) -> Iterator[LayoutItem]:
    gap, ranks = find_criteria_gap(report.standing), rank_lines(texts, report)
    yield text_block(
        *status_headline(texts, report, gap),
        None if ranks and report.badge is Badge.UNKNOWN else _status_badge_line(texts, report),
        *ranks,
        *(_unjudged_rate_note(texts, report) if beside_picture else _status_rate_lines(texts, report)),
        criterion_at_risk_line(texts, report),
    )
    if not beside_picture:
        others = (criterion for criterion in report.standing.criteria if criterion.id != "reply_rate")
        yield text_block(*(_status_criterion_lines(texts, report, criterion) for criterion in others))
    yield text_block(*_waiting_thread_lines(texts, report))
    review = "status-review" if report.review_day is None else "status-review-set"
    yield text_block(
        small_print(
            texts(
                review,
                edition=edition_name(texts, report.standing.rules.name),
                date=formatting.format_day_short(texts, report.next_review),
            )
        )
    )
    actions = [Action.VIEW_DETAIL, Action.FORECAST, Action.VIEW_PENDING]
    actions += [Action.FILL] if gap.unknown or actions_to_fill_criteria(gap) else []
    yield action_row(texts, Target.STATUS, 0, actions)


def _status_badge_line(texts: Translations, report: StatusReport) -> str:
    match report.badge:
        case Badge.HELD if report.badge_since:
            return texts("status-badge-held", since=format_timestamp(report.badge_since, "D"))
        case Badge.HELD:
            return texts("status-badge-held-undated")
        case Badge.NOT_HELD:
            return texts("status-badge-not-held")
        case Badge.UNKNOWN:
            return texts("status-badge-unknown")


def _status_criterion_lines(texts: Translations, report: StatusReport, criterion: Criterion) -> str:
    line = texts(
        "status-criterion",
        mark=texts(f"status-{criterion.status}"),
        name=texts(f"criterion-{criterion.id}"),
        value=format_criterion_value(texts, report, criterion),
        line=format_criterion_threshold(texts, report, criterion),
        status=format_criterion_status(texts, report.standing, criterion),
    )
    return "\n".join([line, *map(small_print, criterion_notes(texts, report, criterion))])


def _status_rate_lines(texts: Translations, report: StatusReport) -> Iterator[str]:
    rate, rule = report.rate, report.standing.rules.reply_rate
    if not rate.replies:
        yield texts("status-rate-none")
        return
    yield texts(
        "status-rate",
        mark=texts(f"status-{rate.status(rule)}") if rule.is_criterion else texts("status-published"),
        rate=format_rate(texts, rate),
        estimate=format_rate_estimate(texts, rate),
        margin=format_margin(texts, rate, rule, _MARGIN_TEXTS),
    )
    yield from map(small_print, estimate_notes(texts, rate, rule))
    if rate.ambiguous:
        newest = ReplyRate(rate.replies, rate.on_time + rate.ambiguous, 0)
        yield texts("status-rate-newest", rate=format_rate(texts, newest))


def _unjudged_rate_note(texts: Translations, report: StatusReport) -> Iterator[str]:
    """The picture shows the rate, but not why it is not judged."""
    yield from map(small_print, estimate_not_judged_note(texts, report.rate, report.standing.rules.reply_rate))


def _waiting_thread_lines(texts: Translations, report: StatusReport) -> Iterator[str]:
    for request in report.contact_requests[:MAX_WAITING_SHOWN]:
        yield contact_request_line(
            texts, format_thread_name(texts, request.thread, MAX_NAME_LENGTH), request.closes_at, report.as_of
        )
    if not report.waiting:
        yield texts("status-waiting-none")
        return
    counts = report.waiting_counts
    unit = waiting_unit_suffix(are_clients=counts.are_clients)
    yield texts(f"status-waiting{unit}", count=counts.total, overdue=counts.overdue)
    for waiting in report.waiting:
        due_at = waiting.unanswered.due_at
        yield texts(
            "status-waiting-line",
            mark="⚠️" if report.as_of > due_at else "⏰",
            thread=format_waiting_thread_name(texts, waiting),
            counting=format_timestamp(due_at, "R"),
        )


def edition_rules_card(texts: Translations, report: StatusReport) -> Card:
    """Every criterion of the edition with its confidence and source."""
    lines = [
        texts(
            "status-rule",
            name=texts(f"criterion-{criterion.id}"),
            line=format_criterion_threshold(texts, report, criterion),
            known=texts("rule-source", confidence=criterion.confidence, source=criterion.source),
        )
        for criterion in report.standing.criteria
    ]
    return build_card([text_block(texts("status-rules-title", edition=report.standing.rules.name), *lines)])


def actions_to_fill_criteria(gap: Gap) -> list[Action]:
    """How what is missing or unknown can be entered, in the order of the criteria, each way once."""
    actions = ((criterion, _action_to_fill_criterion(criterion.id)) for criterion in (*gap.unknown, *gap.not_met))
    return list(
        dict.fromkeys(
            action
            for criterion, action in actions
            if can_entry_change_criterion(criterion, is_displayed=action is Action.FILL_DISPLAYED)
        )
    )


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
        texts("status-fill-line", name=texts(f"criterion-{criterion.id}"), note=note)
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
        parts.append(ui.ActionRow(*buttons))
    return build_card([*parts, action_row(texts, Target.STATUS, 0, [Action.BACK])])
