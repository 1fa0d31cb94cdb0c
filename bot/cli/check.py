"""`python -m bot check HISTORY.csv --thread T`: what a reply in a thread now would do to the reply rate."""

import argparse
from collections.abc import Iterator, Mapping

from bot.cli.history_input import HistoryInput, add_history_options, format_utc, load_history_input
from bot.cli.terminal import Subcommands, add_command_parser, print_json, print_lines
from bot.domain.names import thread_name_key
from bot.domain.reply.impact import ReplyImpact, ReplyWindowState, reply_impact
from bot.domain.reply.reply_rate import RateRule
from bot.domain.text import cut_text
from bot.i18n.formatting import format_count
from bot.i18n.reply_rate import rate_effect_arguments
from bot.i18n.translations import Translations


def add_parser(commands: Subcommands, texts: Translations) -> None:
    """Add the command."""
    parser = add_command_parser(commands, "check", texts("cli-help-check"), run)
    add_history_options(parser, texts)
    parser.add_value("--thread", texts("cli-help-thread"), "THREAD", required=True)


def run(arguments: argparse.Namespace, environ: Mapping[str, str], texts: Translations) -> int:
    """Judge a reply at that moment, and print the result."""
    history = load_history_input(arguments, environ)
    key = thread_name_key(arguments.thread)
    name = next((name for name in history.thread_states if thread_name_key(name) == key), "")
    thread = history.thread_states.get(name)
    counts_in_rate = name not in history.on_other_sites
    unanswered = thread.unanswered if thread else None
    impact = reply_impact(unanswered, history.rate, history.as_of, counts_in_rate=counts_in_rate)
    if arguments.json:
        print_json(check_as_json(impact, history))
    elif counts_in_rate or impact.state is ReplyWindowState.NOTHING_WAITING:
        print_lines(check_as_text(impact, history, arguments.thread, texts, is_known=thread is not None))
    else:
        print_lines([_format_state(impact, history, arguments.thread, texts, other_site="-other-site")])
    return 0


def check_as_json(impact: ReplyImpact, history: HistoryInput) -> dict[str, object]:
    """The object that `--json` prints (docs/cli-reference.md#check)."""
    rule = history.rules.reply_rate
    return {
        "state": impact.state,
        "due_at": None if impact.due_at is None else format_utc(impact.due_at),
        "percent_now": impact.rate_now.percent,
        "percent_if_reply_now": impact.rate_if_reply.percent,
        "slack_now": impact.rate_now.late_replies_allowed(rule),
        "slack_if_reply_now": impact.rate_if_reply.late_replies_allowed(rule),
        "advice": impact.advice,
    }


def check_as_text(
    impact: ReplyImpact, history: HistoryInput, thread: str, texts: Translations, *, is_known: bool
) -> Iterator[str]:
    """The lines for people: the window's state, what a reply would do, and what changes nothing."""
    rule = history.rules.reply_rate
    yield _format_state(impact, history, thread, texts)
    if impact.is_ambiguous:
        yield texts("check-ambiguous")
    if not is_known:
        yield texts("check-unknown-thread")
    if impact.state is ReplyWindowState.NOTHING_WAITING:
        return
    yield from _format_reply_effects(impact, rule, texts)
    yield from history.displayed_figure_notes(texts)


def _format_state(
    impact: ReplyImpact, history: HistoryInput, thread: str, texts: Translations, *, other_site: str = ""
) -> str:
    """The state of the window; `other_site`: the end of the text's id for a thread that is not on Lancers."""
    due = "–" if impact.due_at is None else history.format_instant(impact.due_at)
    return texts(f"check-{impact.state}{other_site}", thread=cut_text(thread.strip(), 100), due=due)


def _format_reply_effects(impact: ReplyImpact, rule: RateRule, texts: Translations) -> Iterator[str]:
    """What each way would do to the rate; no figures while there are too few replies for it to be judged."""
    overdue = impact.state is ReplyWindowState.OVERDUE
    if not impact.rate_now.has_minimum(rule):
        if overdue:
            yield texts("check-neutral")
        return
    effect = rate_effect_arguments(texts, impact.rate_now, impact.rate_if_reply, rule)
    yield texts("check-reply", **effect)
    if overdue:
        slack = format_count(texts, impact.rate_now.late_replies_allowed(rule))
        margin = texts("check-margin", slack=slack) if rule.is_criterion else ""
        yield texts("check-new-thread", before=effect["before"], margin=margin)
        yield texts("check-no-reply", before=effect["before"], margin=margin)
    if not rule.is_criterion:
        yield texts("rate-published")
