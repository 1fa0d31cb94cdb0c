"""Draws changes: lines by a seed, and one of the changes of each."""

import random
import re
from pathlib import Path

from tests.mutants.mutations import Mutation, find_mutations


def draw_mutations(root: Path, packages: list[str], count: int, seed: int, *, matching: str = "") -> list[Mutation]:
    """At most one change of a line; the same for the same seed and code.

    `matching`: a regular expression; what is changed begins with a match of it.
    """
    by_line: dict[tuple[str, int], list[Mutation]] = {}
    for package in packages:
        for file in sorted((root / package).rglob("*.py")):
            source = file.read_bytes()
            for mutation in find_mutations(file.relative_to(root).as_posix(), source):
                if re.match(matching, source[mutation.start : mutation.end].decode()):
                    by_line.setdefault((mutation.path, mutation.line), []).append(mutation)
    drawn = random.Random(seed)
    lines = drawn.sample(sorted(by_line), min(count, len(by_line)))
    return [drawn.choice(by_line[line]) for line in lines]
