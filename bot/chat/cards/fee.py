"""An estimate as a two-sided sum: what the client pays, what the member keeps."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from discord import ui

from bot.chat.cards.frame import Part, card, line, text
from bot.chat.panels.fee import fee_picture
from bot.domain.fees.estimate import Estimate, FeeLine
from bot.domain.fees.reverse import ReverseResult
from bot.i18n.formatting import format_yen
from bot.i18n.translations import Translations

_CLIENT_SIDE: Final = ("contract_excluding_tax", "consumption_tax", "client_fee", "client_fee_tax", "compensation")
_MEMBER_SIDE: Final = ("system_fee", "withholding", "nomination_fee")


def fee_card(texts: Translations, worked_out: Estimate, found: ReverseResult | None) -> ui.LayoutView:
    """Every line with its rule; `found` when the contract was searched."""
    return card(_parts(texts, worked_out, found), picture=partial(fee_picture, texts, worked_out))


def _parts(texts: Translations, worked_out: Estimate, found: ReverseResult | None) -> Iterator[Part]:
    title = texts(
        "fee-title",
        contract=format_yen(texts, worked_out.contract_total),
        tax=format_yen(texts, worked_out.consumption_tax),
    )
    yield text(None if found is None else _found(texts, worked_out, found), title)
    lines = {each.id: each for each in worked_out.lines}
    yield line()
    yield text(
        texts("fee-client-side", amount=format_yen(texts, worked_out.client_pays)),
        *(_line(texts, lines[each]) for each in _CLIENT_SIDE if each in lines),
    )
    yield line()
    yield text(
        texts("fee-member-side", amount=format_yen(texts, worked_out.take_home)),
        *(_line(texts, lines[each]) for each in _MEMBER_SIDE if each in lines),
    )
    if worked_out.notes:
        yield text(*(f"-# {texts('fee-note', note=texts(note))}" for note in worked_out.notes))


def _line(texts: Translations, each: FeeLine) -> str:
    return texts(
        "fee-line",
        name=texts(f"fee-name-{each.id.replace('_', '-')}"),
        amount=format_yen(texts, each.amount),
        rule=texts(f"fee-rule-{each.rule}"),
        confidence=texts(f"confidence-{each.provenance.confidence}"),
    )


def _found(texts: Translations, worked_out: Estimate, found: ReverseResult) -> str:
    return texts(
        "fee-target",
        target=format_yen(texts, found.target),
        contract=format_yen(texts, found.contract),
        exact="yes" if found.exact else "no",
        gives=format_yen(texts, worked_out.take_home if found.goal == "take_home" else worked_out.client_pays),
        below=format_yen(texts, found.nearest_below),
        above=format_yen(texts, found.nearest_above),
    )
