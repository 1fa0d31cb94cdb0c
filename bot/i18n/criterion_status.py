"""The status of a criterion in words."""

from bot.domain.certification.evaluation import CertificationStatus, Criterion
from bot.i18n.translations import Translations, hyphenated_enum_value


def format_criterion_status(texts: Translations, standing: CertificationStatus, criterion: Criterion) -> str:
    """Whether a criterion is met; of one that is not judged, why."""
    if criterion.id == "reply_rate" and standing.rate.is_undecided(standing.rules.reply_rate):
        return texts("status-not-judged-estimate-name")
    return texts(f"status-{hyphenated_enum_value(criterion.status)}-name")
