"""`python -m bot check HISTORY.csv --thread T`: may I still answer here, and what would it do?"""

import argparse
import json
from collections.abc import Iterator, Mapping

from bot.cli.history_input import HistoryInput, add_history_options, parse_options, percent_text, utc
from bot.domain.reply.impact import ReplyImpact, ReplyWindowState, reply_impact
from bot.i18n.translations import Translations


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", texts: Translations) -> None:
    """Add the command."""
    parser = commands.add_parser("check", help=texts("cli-help-check"), description=texts("cli-help-check"))
    add_history_options(parser, texts)
    parser.add_argument("--thread", metavar="THREAD", required=True, help=texts("cli-help-thread"))
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace, environ: Mapping[str, str], texts: Translations) -> int:
    """Weigh and print."""
    history = parse_options(arguments, environ)
    clock = history.thread_states.get(arguments.thread) or history.thread_states.get(arguments.thread.strip())
    impact = reply_impact(clock.unanswered if clock else None, history.rate, history.as_of)
    if arguments.json:
        print(json.dumps(as_json(impact, history), indent=2))
    else:
        print("\n".join(as_text(impact, history, arguments.thread, texts, known_threads=clock is not None)))
    return 0


def as_json(impact: ReplyImpact, history: HistoryInput) -> dict[str, object]:
    """The shape of the issue (COMMAND_LINE.md, Forecast and check)."""
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
    impact: ReplyImpact, history: HistoryInput, thread: str, texts: Translations, *, known_threads: bool
) -> Iterator[str]:
    """What a person reads: the state, what a reply would do, and what does nothing."""
    rule = history.rules.reply_rate
    due = "–" if impact.due_at is None else f"{impact.due_at.astimezone(history.zone):%Y-%m-%d %H:%M}"
    yield texts(f"check-{impact.state.replace('_', '-')}", thread=thread.strip()[:100], due=due)
    if not known_threads:
        yield texts("check-unknown-thread")
    if impact.state is ReplyWindowState.NOTHING_WAITING:
        return
    before = (percent_text(impact.rate_now), str(impact.rate_now.late_replies_allowed(rule)))
    after = (percent_text(impact.rate_if_reply), str(impact.rate_if_reply.late_replies_allowed(rule)))
    yield texts("check-reply", percent=before[0], then=after[0], slack=before[1], left=after[1])
    if impact.state is ReplyWindowState.OVERDUE:
        yield texts("check-new-thread", percent=before[0], slack=before[1])
        yield texts("check-no-reply", percent=before[0], slack=before[1])
