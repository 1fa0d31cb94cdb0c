"""`/fee` as a picture."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from bot.discord_app.ui.pictures import PictureSpec, alt_text, join_phrases
from bot.domain.fees.estimate import Estimate
from bot.i18n import formatting
from bot.i18n.translations import Translations
from bot.pictures.models import AmountPart, FeePicture

_FEE_LINES: Final = {"client_fee", "client_fee_tax", "compensation", "system_fee", "withholding"}


def fee_picture(texts: Translations, estimate: Estimate) -> PictureSpec:
    """What the client pays beside what it comes to: the same contract, from two sides."""

    def amount_part(name: str, amount: int) -> AmountPart:
        return AmountPart(
            texts(f"fee-name-{name.replace('_', '-')}"),
            formatting.format_yen(texts, amount),
            amount,
            name in _FEE_LINES,
        )

    client = [amount_part(line.id, line.amount) for line in estimate.client_lines]
    if estimate.compensation:
        client[-1] = replace(client[-1], name=texts("picture-compensation"))
    kept = estimate.take_home - estimate.nomination_fee
    member = [amount_part("take_home", kept)]
    if estimate.nomination_fee:
        member = [AmountPart(texts("picture-kept"), formatting.format_yen(texts, kept), kept, is_deduction=False)]
    member += [amount_part(line.id, line.amount) for line in estimate.member_lines]
    model = FeePicture(
        texts("fee-name-client-pays"),
        formatting.format_yen(texts, estimate.client_pays),
        tuple(client),
        texts("fee-name-take-home"),
        formatting.format_yen(texts, estimate.take_home),
        tuple(member),
        amount_part("contract_total", estimate.contract_total),
    )
    return PictureSpec(model, _alt_text(texts, model))


def _alt_text(texts: Translations, model: FeePicture) -> str:
    def parts(of: Iterable[AmountPart]) -> str:
        return join_phrases(f"{each.name} {each.label}" for each in of)

    return alt_text(
        texts("picture-fee-about"),
        texts("picture-list", name=f"{model.client} {model.client_total}", list=parts(model.client_parts)),
        texts("picture-list", name=f"{model.member} {model.member_total}", list=parts(model.member_parts)),
    )
