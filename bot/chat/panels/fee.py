"""`/fee` as a picture."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from bot.chat.panels.picture import Picture, described, listed
from bot.domain.fees.estimate import Estimate
from bot.i18n import formatting
from bot.i18n.translations import Translations
from bot.pictures.models import AmountPart, FeePicture

_CLIENT_SIDE: Final = ("contract_excluding_tax", "consumption_tax", "client_fee", "client_fee_tax", "compensation")
_MEMBER_SIDE: Final = ("system_fee", "withholding")
_FEES: Final = {"client_fee", "client_fee_tax", "compensation", "system_fee", "withholding"}


def fee_picture(texts: Translations, worked_out: Estimate) -> Picture:
    """What the client pays beside what it comes to: the same contract, from two sides."""

    def part(name: str, amount: int) -> AmountPart:
        return AmountPart(
            texts(f"fee-name-{name.replace('_', '-')}"), formatting.format_yen(texts, amount), amount, name in _FEES
        )

    lines = {each.id: each.amount for each in worked_out.lines}
    client = [part(each, lines[each]) for each in _CLIENT_SIDE if each in lines]
    if worked_out.compensation:
        client[-1] = replace(client[-1], name=texts("picture-compensation"))
    kept = worked_out.take_home - worked_out.nomination_fee
    member = [part("take_home", kept)]
    if worked_out.nomination_fee:
        member = [AmountPart(texts("picture-kept"), formatting.format_yen(texts, kept), kept, is_deduction=False)]
    member += [part(each, lines[each]) for each in _MEMBER_SIDE if each in lines]
    if worked_out.nomination_fee:
        member.append(part("nomination_fee", worked_out.nomination_fee))
    panel = FeePicture(
        texts("fee-name-client-pays"),
        formatting.format_yen(texts, worked_out.client_pays),
        tuple(client),
        texts("fee-name-take-home"),
        formatting.format_yen(texts, worked_out.take_home),
        tuple(member),
        part("contract_total", worked_out.contract_total),
    )
    return Picture(panel, _described(texts, panel))


def _described(texts: Translations, panel: FeePicture) -> str:
    def parts(of: Iterable[AmountPart]) -> str:
        return listed(f"{each.name} {each.label}" for each in of)

    return described(
        texts("picture-fee-about"),
        texts("picture-list", name=f"{panel.client} {panel.client_total}", list=parts(panel.client_parts)),
        texts("picture-list", name=f"{panel.member} {panel.member_total}", list=parts(panel.member_parts)),
    )
