"""What may stand in the environment of a bot: the settings it asks for, and a few that are Python's and its library's."""

from collections.abc import Iterable
from typing import Any

from bot.settings import read_settings

OF_OTHERS = {
    "PATH", "PYTHONPATH", "PYTHONSAFEPATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "MPLCONFIGDIR",
}  # fmt: skip


class _Asked(dict[str, str]):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def get(self, name: str, default: Any = None) -> Any:
        self.names.add(name)
        return default


def settings() -> set[str]:
    """Every name that the bot looks for."""
    asked = _Asked()
    read_settings(asked)
    return asked.names


def unknown(names: Iterable[str]) -> set[str]:
    """The names that neither the bot nor Python nor a library reads."""
    return set(names) - settings() - OF_OTHERS
