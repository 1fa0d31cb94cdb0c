"""The fees of a contract from both sides: what the client pays, what the member keeps."""

from collections.abc import Iterator
from functools import partial

from bot.discord_app.features.fee.picture import fee_picture
from bot.discord_app.ui.layout import Card, LayoutItem, build_card, separator, small_print, text
from bot.domain.fees.estimate import Estimate, FeeLine
from bot.domain.fees.reverse import ReverseResult
from bot.i18n.formatting import format_yen
from bot.i18n.translations import Translations, hyphenated


def fee_card(texts: Translations, estimate: Estimate, reverse_result: ReverseResult | None) -> Card:
    """Every line with its rule; first the contract that was searched for, if `reverse_result` is given."""
    return build_card(_parts(texts, estimate, reverse_result), picture=partial(fee_picture, texts, estimate))


def _parts(texts: Translations, estimate: Estimate, reverse_result: ReverseResult | None) -> Iterator[LayoutItem]:
    title = texts(
        "fee-title",
        contract=format_yen(texts, estimate.contract_total),
        tax=format_yen(texts, estimate.consumption_tax),
    )
    yield text(None if reverse_result is None else _reverse_result(texts, estimate, reverse_result), title)
    yield separator()
    yield text(
        texts("fee-client-side", amount=format_yen(texts, estimate.client_pays)),
        *(_fee_line(texts, line) for line in estimate.client_lines),
    )
    yield separator()
    yield text(
        texts("fee-member-side", amount=format_yen(texts, estimate.take_home)),
        *(_fee_line(texts, line) for line in estimate.member_lines),
    )
    if estimate.notes:
        yield text(*(small_print(texts("fee-note", note=texts(text_id))) for text_id in estimate.notes))


def _fee_line(texts: Translations, line: FeeLine) -> str:
    return texts(
        "fee-line",
        name=texts(f"fee-name-{hyphenated(line.id)}"),
        amount=format_yen(texts, line.amount),
        rule=texts(f"fee-rule-{line.rule}"),
        confidence=texts(f"confidence-{line.provenance.confidence}"),
    )


def _reverse_result(texts: Translations, estimate: Estimate, reverse_result: ReverseResult) -> str:
    return texts(
        "fee-target",
        target=format_yen(texts, reverse_result.target),
        contract=format_yen(texts, reverse_result.contract),
        exact="yes" if reverse_result.exact else "no",
        gives=format_yen(texts, estimate.take_home if reverse_result.goal == "take_home" else estimate.client_pays),
        below=format_yen(texts, reverse_result.nearest_below),
        above=format_yen(texts, reverse_result.nearest_above),
    )
