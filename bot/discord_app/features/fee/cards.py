"""The fees of a contract: the member's own figure first, then what it is made of, then what the client pays."""

from collections.abc import Iterator
from functools import partial

from discord import ui

from bot.discord_app.features.fee.picture import fee_picture
from bot.discord_app.ui.layout import Card, LayoutItem, build_card, small_print, text_block
from bot.domain.fees.lines import FeeLine, FeeSide
from bot.domain.fees.query import FeeResult
from bot.domain.fees.reverse import SolveFor
from bot.i18n.fee_text import (
    fee_basis,
    fee_figure_name,
    fee_headline,
    fee_notes,
    fee_rule_text,
    fee_target_lines,
    zero_fee_lines,
)
from bot.i18n.formatting import format_yen
from bot.i18n.translations import Translations


def fee_card(texts: Translations, result: FeeResult) -> Card:
    """Every line with its rule; first the contract that was searched for, if one was."""
    return build_card(_fee_card_parts(texts, result), picture=partial(fee_picture, texts, result))


def _fee_card_parts(texts: Translations, result: FeeResult) -> Iterator[LayoutItem]:
    headline = texts("fee-title", headline=fee_headline(texts, result))
    basis, found = small_print(fee_basis(texts, result)), list(fee_target_lines(texts, result))
    if result.query.solve_for is SolveFor.CLIENT_PAYS:
        yield text_block(*found, headline, basis)
    else:
        yield text_block(headline, basis, *found)
    yield ui.Separator()
    estimate = result.estimate
    total = format_yen(texts, estimate.contract_total)
    yield text_block(
        texts("fee-total", name=fee_figure_name(texts, "contract_total"), amount=total),
        *(_fee_line(texts, line, "+" if line.id == "nomination_fee" else "−") for line in estimate.member_fee_lines),
        *_zero_fee_notes(texts, result, FeeSide.MEMBER),
    )
    yield ui.Separator()
    yield text_block(
        texts("fee-client-side", amount=format_yen(texts, estimate.client_pays)),
        *(_fee_line(texts, line) for line in estimate.client_payment_lines),
        *_zero_fee_notes(texts, result, FeeSide.CLIENT),
        *(small_print(texts("fee-note", note=note)) for note in fee_notes(texts, result)),
    )


def _fee_line(texts: Translations, line: FeeLine, sign: str = "") -> str:
    amount = f"{sign}{format_yen(texts, line.amount)}"
    rule = fee_rule_text(texts, line, marks_official=False) if line.parts else ""
    return small_print(texts("fee-line", name=fee_figure_name(texts, line.id), amount=amount, rule=rule).rstrip())


def _zero_fee_notes(texts: Translations, result: FeeResult, side: FeeSide) -> Iterator[str]:
    for name, note in zero_fee_lines(texts, result, side):
        yield small_print(texts("fee-line-none", name=name, note=note))
