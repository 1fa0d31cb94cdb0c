"""The picture of growth."""

from collections.abc import Mapping


def draw(panels: Mapping[str, Mapping[str, Mapping[int, float]]]) -> str:
    return ""
