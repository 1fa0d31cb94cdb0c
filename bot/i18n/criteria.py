"""Criteria in words: their status, and the names of those that a rank asks."""

from bot.domain.certification.criterion import Criterion
from bot.domain.certification.evaluation import CertificationStatus
from bot.domain.certification.facts import ProfileItem, RankItem
from bot.i18n.translations import Translations


def format_criterion_status(texts: Translations, standing: CertificationStatus, criterion: Criterion) -> str:
    """Whether a criterion is met; of one that is not judged, why."""
    if criterion.id == "reply_rate" and standing.rate.is_undecided(standing.rules.reply_rate):
        return texts("status-not-judged-estimate-name")
    return texts(f"status-{criterion.status}-name")


def rank_criterion_name(texts: Translations, name: str) -> str:
    """The name of a criterion or of a profile item, by its id."""
    is_item = name in {*ProfileItem, *RankItem}
    return texts(f"{'profile' if is_item else 'criterion'}-{name}")
