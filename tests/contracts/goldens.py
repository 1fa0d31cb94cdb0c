"""Comparing with a golden file, and writing it again without losing anything."""

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

GOLDEN: Final = Path(__file__).parent / "golden"
EXPORT: Final = GOLDEN / "export-1" / "nintei.json"
"""What the first version exported; it is never written again."""
WRITE: Final = bool(os.environ.get("WRITE_GOLDEN"))


def check_lines(name: str, lines: Iterable[str]) -> None:
    """Compare a set of words with `golden/NAME.txt`."""
    path = GOLDEN / f"{name}.txt"
    words = sorted(set(lines))
    golden = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    assert [each for each in golden if each not in words] == [], f"lost from {path.name}"
    if WRITE:
        path.write_text("".join(f"{each}\n" for each in words), encoding="utf-8")
        golden = words
    assert words == golden, f"not in {path.name} yet: see tests/contracts/__init__.py"


def check_json(name: str, value: Any) -> None:
    """Compare a JSON value with `golden/NAME.json`."""
    path = GOLDEN / f"{name}.json"
    plain = json.loads(json.dumps(value))
    golden = json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
    assert [each for each in keys_of(golden) if each not in set(keys_of(plain))] == [], f"lost from {path.name}"
    if WRITE:
        text = json.dumps(plain, ensure_ascii=False, indent=1, sort_keys=True)
        path.write_text(text + "\n", encoding="utf-8")
        golden = plain
    assert plain == golden, f"{path.name} differs: see tests/contracts/__init__.py"


def keys_of(value: Any, place: str = "") -> Iterator[str]:
    """Where each key of a JSON value stands; all items of a list share one place."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield f"{place}.{key}"
            yield from keys_of(inner, f"{place}.{key}")
    elif isinstance(value, list):
        for inner in value:
            yield from keys_of(inner, f"{place}[]")
    elif isinstance(value, str) and place.endswith("[]"):
        yield f"{place}{value}"
