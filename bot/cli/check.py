"""`python -m bot check HISTORY.csv --thread T`: what a reply in a thread now would do to the reply rate."""

import argparse
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace

from bot.cli.history_input import HistoryInput, add_history_options, parse_options, utc
from bot.cli.terminal import Subcommands, add_command, text_id
from bot.domain.reply.impact import ReplyImpact, ReplyWindowState, reply_impact
from bot.domain.reply.reply_rate import RateRule, ReplyRate
from bot.i18n.formatting import format_percent
from bot.i18n.translations import Translations


def add_parser(commands: Subcommands, texts: Translations) -> None:
    """Add the command."""
    parser = add_command(commands, "check", texts("cli-help-check"), run)
    add_history_options(parser, texts)
    parser.add_argument("--thread", metavar="THREAD", required=True, help=texts("cli-help-thread"))


def run(arguments: argparse.Namespace, environ: Mapping[str, str], texts: Translations) -> int:
    """Judge a reply at that moment, and print the result."""
    history = parse_options(arguments, environ)
    thread = history.thread_states.get(arguments.thread) or history.thread_states.get(arguments.thread.strip())
    impact = reply_impact(thread.unanswered if thread else None, history.rate, history.as_of)
    if arguments.thread.strip() in history.on_other_sites:
        impact = replace(impact, rate_if_reply=history.rate)
    if arguments.json:
        print(json.dumps(as_json(impact, history), indent=2))
    else:
        print("\n".join(as_text(impact, history, arguments.thread, texts, is_known=thread is not None)))
    return 0


def as_json(impact: ReplyImpact, history: HistoryInput) -> dict[str, object]:
    """The object that `--json` prints (docs/cli-reference.md#check)."""
    rule = history.rules.reply_rate
    return {
        "state": impact.state,
        "due_at": None if impact.due_at is None else utc(impact.due_at),
        "percent_now": impact.rate_now.percent,
        "percent_if_reply_now": impact.rate_if_reply.percent,
        "slack_now": impact.rate_now.late_replies_allowed(rule),
        "slack_if_reply_now": impact.rate_if_reply.late_replies_allowed(rule),
        "advice": impact.advice,
    }


def as_text(
    impact: ReplyImpact, history: HistoryInput, thread: str, texts: Translations, *, is_known: bool
) -> Iterator[str]:
    """The lines for people: the window's state, what a reply would do, and what changes nothing."""
    rule = history.rules.reply_rate
    due = "–" if impact.due_at is None else f"{impact.due_at.astimezone(history.zone):%Y-%m-%d %H:%M}"
    yield texts(f"check-{text_id(impact.state)}", thread=thread.strip()[:100], due=due)
    if not is_known:
        yield texts("check-unknown-thread")
    if impact.state is ReplyWindowState.NOTHING_WAITING:
        return
    percent_now, slack_now = _percent_and_slack(impact.rate_now, rule, texts)
    percent_then, slack_then = _percent_and_slack(impact.rate_if_reply, rule, texts)
    yield texts("check-reply", percent=percent_now, then=percent_then, slack=slack_now, left=slack_then)
    if impact.state is ReplyWindowState.OVERDUE:
        yield texts("check-new-thread", percent=percent_now, slack=slack_now)
        yield texts("check-no-reply", percent=percent_now, slack=slack_now)


def _percent_and_slack(rate: ReplyRate, rule: RateRule, texts: Translations) -> tuple[str, str]:
    return format_percent(texts, rate.permille), str(rate.late_replies_allowed(rule))
