"""The picture of /fee: two columns, what the client pays and what the member keeps."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from bot.discord_app.ui.pictures import PictureSpec, alt_text, join_phrases
from bot.domain.fees.estimate import Estimate
from bot.i18n import formatting
from bot.i18n.translations import Translations, hyphenated
from bot.pictures.models import AmountPart, FeePicture

_FEE_LINES: Final = {"client_fee", "client_fee_tax", "compensation", "system_fee", "withholding"}


def fee_picture(texts: Translations, estimate: Estimate) -> PictureSpec:
    """What the client pays and what the member keeps, each with its parts."""

    def amount_part(line_id: str, amount: int) -> AmountPart:
        name, label = texts(f"fee-name-{hyphenated(line_id)}"), formatting.format_yen(texts, amount)
        return AmountPart(name, label, amount, is_deduction=line_id in _FEE_LINES)

    client = [amount_part(line.id, line.amount) for line in estimate.client_lines]
    if estimate.compensation:
        client[-1] = replace(client[-1], name=texts("picture-compensation"))
    kept = estimate.take_home - estimate.nomination_fee
    member = [amount_part("take_home", kept)]
    if estimate.nomination_fee:
        member = [AmountPart(texts("picture-kept"), formatting.format_yen(texts, kept), kept, is_deduction=False)]
    member += [amount_part(line.id, line.amount) for line in estimate.member_lines]
    model = FeePicture(
        client_title=texts("fee-name-client-pays"),
        client_total=formatting.format_yen(texts, estimate.client_pays),
        client_parts=tuple(client),
        member_title=texts("fee-name-take-home"),
        member_total=formatting.format_yen(texts, estimate.take_home),
        member_parts=tuple(member),
        contract=amount_part("contract_total", estimate.contract_total),
    )
    return PictureSpec(model, _alt_text(texts, model))


def _alt_text(texts: Translations, model: FeePicture) -> str:
    def phrases(parts: Iterable[AmountPart]) -> str:
        return join_phrases(f"{part.name} {part.label}" for part in parts)

    return alt_text(
        texts("picture-fee-about"),
        texts("picture-list", name=f"{model.client_title} {model.client_total}", list=phrases(model.client_parts)),
        texts("picture-list", name=f"{model.member_title} {model.member_total}", list=phrases(model.member_parts)),
    )
