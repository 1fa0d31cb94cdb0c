"""What the status of a criterion is called."""

from datetime import UTC, date, datetime

import pytest

from bot.domain.certification.calibration import DisplayedFigures
from bot.domain.certification.editions import get_edition
from bot.domain.certification.evaluation import evaluate_criteria
from bot.domain.certification.facts import CriteriaInputs
from bot.domain.reply.reply_rate import ReplyRate
from bot.domain.types import Edition
from bot.i18n.criteria import format_criterion_status
from bot.i18n.translations import get_translations
from tests.helpers.estimates import rate_with_display

NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)
RECORDED = ReplyRate(5, 5, 0)


@pytest.mark.parametrize(
    ("rate", "text_id"),
    [
        (ReplyRate(5, 4, 0), "status-met-name"),
        (ReplyRate(4, 4, 0), "status-not-judged-name"),
        (
            rate_with_display(
                DisplayedFigures(on=date(2026, 11, 22), reply_rate=800, reply_rate_unit=10, replies=205),
                RECORDED,
                RECORDED,
                NOON,
            ),
            "status-not-judged-estimate-name",
        ),
    ],
)
def test_what_is_not_judged_says_why(rate: ReplyRate, text_id: str) -> None:
    texts = get_translations("ja")
    standing = evaluate_criteria(get_edition(Edition("2016")), CriteriaInputs(rate=rate), NOON)
    assert format_criterion_status(texts, standing, standing.criteria[0]) == texts(text_id)
