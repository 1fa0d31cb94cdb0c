"""`python -m bot check HISTORY.csv --thread T`: may I still answer here, and what would it do?"""

import argparse
import json
from collections.abc import Iterator, Mapping

from bot.cli.histories import History, add_history_options, percent, percent_text, read_options, utc
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
    history = read_options(arguments, environ)
    clock = history.clocks.get(arguments.thread) or history.clocks.get(arguments.thread.strip())
    prospect = reply_impact(clock.unanswered if clock else None, history.rate, history.as_of)
    if arguments.json:
        print(json.dumps(as_json(prospect, history), indent=2))
    else:
        print("\n".join(as_text(prospect, history, arguments.thread, texts, known=clock is not None)))
    return 0


def as_json(prospect: ReplyImpact, history: History) -> dict[str, object]:
    """The shape of the issue (COMMAND_LINE.md, Forecast and check)."""
    rule = history.rules.reply_rate
    return {
        "state": prospect.state,
        "due_at": None if prospect.due_at is None else utc(prospect.due_at),
        "percent_now": percent(prospect.rate_now),
        "percent_if_reply_now": percent(prospect.rate_if_reply),
        "slack_now": prospect.rate_now.late_replies_allowed(rule),
        "slack_if_reply_now": prospect.rate_if_reply.late_replies_allowed(rule),
        "advice": prospect.advice,
    }


def as_text(prospect: ReplyImpact, history: History, thread: str, texts: Translations, *, known: bool) -> Iterator[str]:
    """What a person reads: the state, what a reply would do, and what does nothing."""
    rule = history.rules.reply_rate
    due = "–" if prospect.due_at is None else f"{prospect.due_at.astimezone(history.zone):%Y-%m-%d %H:%M}"
    yield texts(f"check-{prospect.state.replace('_', '-')}", thread=thread.strip()[:100], due=due)
    if not known:
        yield texts("check-unknown-thread")
    if prospect.state is ReplyWindowState.NOTHING_WAITING:
        return
    before = (percent_text(prospect.rate_now), str(prospect.rate_now.late_replies_allowed(rule)))
    after = (percent_text(prospect.rate_if_reply), str(prospect.rate_if_reply.late_replies_allowed(rule)))
    yield texts("check-reply", percent=before[0], then=after[0], slack=before[1], left=after[1])
    if prospect.state is ReplyWindowState.OVERDUE:
        yield texts("check-new-thread", percent=before[0], slack=before[1])
        yield texts("check-no-reply", percent=before[0], slack=before[1])
