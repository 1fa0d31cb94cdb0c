"""`python -m bot standing HISTORY.csv`: judge the certification criteria by a history, without Discord."""

import argparse
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import partial
from itertools import zip_longest

from bot.cli.history_input import HistoryInput, add_history_options, format_utc, load_history_input, parse_input_file
from bot.cli.standing_text import standing_lines
from bot.cli.terminal import Subcommands, add_command_parser, print_json, print_lines
from bot.domain.calendar import lancers_date
from bot.domain.certification.criterion import Figure
from bot.domain.certification.evaluation import CertificationStatus, evaluate_criteria, reply_rate_basis
from bot.domain.certification.facts import (
    CriteriaInputs,
    DeclaredItem,
    EarningsGoal,
    ProfileItem,
    RankItem,
    parse_declared_item,
)
from bot.domain.certification.jobs import aggregate_jobs
from bot.domain.certification.ranks import Rank, RankStanding, first_job_methods, judge_rank
from bot.domain.text import format_excerpt
from bot.errors import InvalidInputError
from bot.i18n.translations import Translations
from bot.parsing.amount import parse_amount
from bot.parsing.day import parse_day
from bot.parsing.jobs_csv import parse_jobs


def add_parser(commands: Subcommands, texts: Translations) -> None:
    """Add the command."""
    parser = add_command_parser(commands, "standing", texts("cli-help-standing"), run)
    add_history_options(parser, texts)
    parser.add_value("--jobs", texts("cli-help-jobs"), "JOBS.csv")
    parser.add_value("--category", texts("cli-help-category"), "NAME", action="append", default=[])
    parser.add_value("--line", texts("cli-help-line"), "YEN", action="append", default=[])
    parser.add_value("--profile", texts("cli-help-profile"), "ITEMS")
    parser.add_value("--last-login", texts("cli-help-last-login"), "DATE")
    parser.add_argument("--rank", choices=[rank.value for rank in Rank], help=texts("cli-help-rank"))


def run(arguments: argparse.Namespace, environ: Mapping[str, str], texts: Translations) -> int:
    """Judge the criteria, and print the result."""
    history = load_history_input(arguments, environ)
    latest = max(history.as_of, datetime.now(UTC))  # a job after the moment is not counted, and is no error
    parse = partial(parse_jobs, now=history.as_of, latest=latest)
    jobs = None if arguments.jobs is None else parse_input_file(arguments.jobs, parse)
    statements = None if arguments.profile is None else parse_profile_option(arguments.profile)
    today = lancers_date(history.as_of)
    facts = CriteriaInputs(
        rate=history.rate,
        job_totals=None if jobs is None else aggregate_jobs(jobs, history.as_of),
        goals=parse_goals_option(arguments.category, arguments.line),
        profile=None if statements is None else frozenset(item for item in ProfileItem if item in statements),
        rank_items={item: True for item in RankItem if item in (statements or ())},
        has_taken_job=any(job.method in first_job_methods() and job.day <= today for job in jobs or ()),
        last_login=None if arguments.last_login is None else parse_day(arguments.last_login, now=history.as_of),
    )
    standing = evaluate_criteria(history.rules, facts, history.as_of)
    rank = judge_rank(standing, facts, None if arguments.rank is None else Rank(arguments.rank))
    if arguments.json:
        print_json(standing_as_json(history, standing, rank, texts))
    else:
        print_lines(standing_lines(history, standing, rank, texts))
    return 0


def parse_profile_option(text: str) -> frozenset[DeclaredItem]:
    """Read `all`, or the names of profile items separated by commas. Raises `InvalidInputError` for an unknown one."""
    known: tuple[DeclaredItem, ...] = (*ProfileItem, *RankItem)
    if text.strip().casefold() == "all":
        return frozenset(known)
    names = [name.strip().casefold() for name in text.split(",") if name.strip()]
    for name in names:
        if name not in known:
            raise InvalidInputError("cli-profile", written=format_excerpt(name), known=", ".join(known))
    return frozenset(map(parse_declared_item, names))


def parse_goals_option(categories: list[str], lines: list[str]) -> tuple[EarningsGoal, ...]:
    """Pairs of a category and its line; a single one of either may stand alone. Raises `InvalidInputError`."""
    if len(categories) != len(lines) and max(len(categories), len(lines)) > 1:
        raise InvalidInputError("cli-goal-pairs", categories=len(categories), lines=len(lines))
    return tuple(
        EarningsGoal(category, None if line is None else parse_amount(line))
        for category, line in zip_longest(categories, lines)
    )


def standing_as_json(
    history: HistoryInput, standing: CertificationStatus, rank: RankStanding, texts: Translations
) -> dict[str, object]:
    """The object that `--json` prints (docs/cli-reference.md#standing)."""
    rate, rule = standing.rate, standing.rules.reply_rate
    recorded, (worst, best) = history.recorded_rate, rate.percent_bounds
    following = rank.next_rank
    estimated = {"replies": rate.replies, "on_time": rate.on_time, "late": rate.late}
    return {
        "as_of": format_utc(history.as_of),
        "edition": standing.rules.name,
        "verdict": standing.verdict,
        "reply_rate": {
            "replies": recorded.replies,
            "on_time": recorded.on_time,
            "late": recorded.late,
            "ambiguous": recorded.ambiguous,
            "percent": rate.percent,
            "status": rate.status(rule),
            "slack": rate.late_replies_allowed(rule),
            "needed": rate.replies_needed(rule),
            "newest_reading": {"replies": recorded.replies, "on_time": recorded.on_time + recorded.ambiguous},
            "basis": reply_rate_basis(rate),
            "estimated": estimated if rate.estimate is not None else None,
            "worst": worst,
            "best": best,
        },
        "waiting": [
            {
                "thread": thread,
                "waiting_since": format_utc(unanswered.oldest),
                "due_at": format_utc(unanswered.due_at),
                "overdue": history.as_of > unanswered.due_at,
            }
            for thread, unanswered in history.waiting_threads
        ],
        "criteria": [
            {
                "id": criterion.id,
                "status": criterion.status,
                "value": _figure_as_json(criterion.value),
                "threshold": _figure_as_json(criterion.threshold),
                "confidence": criterion.confidence,
                "source": criterion.source,
            }
            for criterion in standing.criteria
        ],
        "rank": rank.rank,
        "rank_declared": rank.is_declared,
        "next_rank": following and {"id": following.rank, "missing": following.missing, "unknown": following.unknown},
        "exchanges": [
            {
                "thread": thread,
                "asked_at": format_utc(exchange.received_at),
                "newest_asked_at": format_utc(exchange.newest_received_at),
                "replied_at": format_utc(exchange.replied_at),
                "on_time": exchange.on_time,
            }
            for thread, exchange in history.exchanges_in_year
        ],
        "notes": list(history.rate_notes(texts)),
    }


def _figure_as_json(value: Figure | None) -> float | int | str | None:
    return value.isoformat() if isinstance(value, date) else value
