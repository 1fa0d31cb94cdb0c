"""The names of what a rank asks."""

from bot.domain.certification.facts import ProfileItem, RankItem
from bot.i18n.translations import Translations, hyphenated_enum_value


def rank_criterion_name(texts: Translations, name: str) -> str:
    """The name of a criterion or of a profile item, by its id."""
    is_item = name in {*ProfileItem, *RankItem}
    return texts(f"{'profile' if is_item else 'criterion'}-{hyphenated_enum_value(name)}")
