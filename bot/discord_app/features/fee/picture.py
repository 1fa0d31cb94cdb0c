"""The picture of /fee: two bars to one scale, what the member keeps and what the client pays."""

from collections.abc import Iterable, Iterator
from typing import Final

from bot.discord_app.ui.pictures import PictureSpec, join_alt_text, join_picture_phrases
from bot.domain.fees.estimate import Estimate
from bot.domain.fees.query import FeeResult
from bot.i18n import formatting
from bot.i18n.fee_text import fee_figure_name
from bot.i18n.translations import Translations
from bot.pictures.models import AmountPart, FeePicture

_FEE_LINES: Final = {"client_fee", "compensation", "system_fee", "withholding"}


def fee_picture(texts: Translations, result: FeeResult) -> PictureSpec:
    """What the member keeps and what the client pays, each with its parts."""
    estimate = result.estimate

    def amount_part(line_id: str, amount: int) -> AmountPart:
        label, name = formatting.format_yen(texts, amount), fee_figure_name(texts, line_id)
        if line_id == "client_fee" and estimate.client_fee_tax:
            name = texts("picture-client-fee")  # the text has the fee and its tax each by itself
        return AmountPart(name, label, amount, is_deduction=line_id in _FEE_LINES)

    kept = estimate.take_home - estimate.nomination_fee
    kept_name = texts("picture-kept") if estimate.nomination_fee else fee_figure_name(texts, "take_home")
    member = [AmountPart(kept_name, formatting.format_yen(texts, kept), kept, is_deduction=False)]
    member += [amount_part(line.id, line.amount) for line in estimate.member_fee_lines]
    model = FeePicture(
        client_title=texts("fee-name-client-pays"),
        client_total=formatting.format_yen(texts, estimate.client_pays),
        client_parts=tuple(amount_part(name, amount) for name, amount in _client_payment_amounts(estimate) if amount),
        member_title=texts("fee-name-take-home"),
        member_total=formatting.format_yen(texts, estimate.take_home),
        member_parts=tuple(member),
        contract=amount_part("contract_total", estimate.contract_total),
    )
    return PictureSpec(model, _fee_alt_text(texts, model))


def _client_payment_amounts(estimate: Estimate) -> Iterator[tuple[str, int]]:
    """What the client pays, the fee with its tax."""
    yield "contract_excluding_tax", estimate.contract_excluding_tax
    yield "consumption_tax", estimate.consumption_tax
    yield "client_fee", estimate.client_fee + estimate.client_fee_tax
    yield "compensation", estimate.compensation


def _fee_alt_text(texts: Translations, model: FeePicture) -> str:
    def list_amounts(parts: Iterable[AmountPart]) -> str:
        return join_picture_phrases(f"{part.name} {part.label}" for part in parts)

    return join_alt_text(
        texts("picture-fee-about"),
        texts("picture-list", name=f"{model.member_title} {model.member_total}", list=list_amounts(model.member_parts)),
        texts("picture-list", name=f"{model.client_title} {model.client_total}", list=list_amounts(model.client_parts)),
    )
