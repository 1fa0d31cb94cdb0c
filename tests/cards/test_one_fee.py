"""No name has two amounts on the card of /fee and in the description of its picture, whatever is asked."""

import re
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.discord_app.features.fee.cards import fee_card
from bot.discord_app.features.fee.picture import fee_picture
from bot.domain.fees.query import FeeQuery, compute_fees
from bot.domain.fees.terms import Compensation, ContractTerms, Tax
from bot.domain.types import ContractMethod, Edition, Yen
from bot.fake_discord.validation import TEXT, walk_components
from bot.i18n.fee_text import fee_figure_name
from bot.i18n.translations import get_translations
from tests.helpers.amounts import examples

LINES = (
    "contract_excluding_tax", "consumption_tax", "contract_total", "client_fee", "client_fee_tax", "compensation",
    "system_fee", "nomination_fee", "withholding",
)  # fmt: skip


@given(
    st.integers(1, 2_000_000),
    st.sampled_from([date(2016, 9, 1), date(2022, 9, 30), date(2022, 11, 1), date(2026, 11, 24)]),
    st.sampled_from(ContractMethod),
    st.sampled_from(Tax),
    st.sampled_from(["2016", "2024"]),
    st.booleans(),
    st.sampled_from([1, 3]),
    st.sampled_from(["ja", "en"]),
)
@settings(max_examples=examples(60))
def test_no_name_has_two_amounts(
    amount: int,
    on: date,
    method: ContractMethod,
    tax: Tax,
    edition: str,
    certified: bool,  # noqa: FBT001
    count: int,
    locale: str,
) -> None:
    texts = get_translations(locale)
    terms = ContractTerms(
        on=on, edition=Edition(edition), tax=tax, method=method, certified=certified, withholding=certified,
        compensation=Compensation.CHARGED,
    )  # fmt: skip
    result = compute_fees(FeeQuery(amount=Yen(amount), count=count), terms)
    card = "\n".join(
        str(node["content"])
        for node in walk_components(fee_card(texts, result).to_components())
        if node["type"] == TEXT
    )
    described = fee_picture(texts, result).alt_text
    for line in LINES:
        name = re.escape(fee_figure_name(texts, line))
        on_card = {each.replace("−", "") for each in re.findall(rf"{name} \*\*[+−]?(¥[\d,]+)\*\*", card)}
        in_picture = set(re.findall(rf"(?:^|[·:] ){name} (¥[\d,]+)", described))
        assert not on_card or in_picture <= on_card, (line, card, described)
