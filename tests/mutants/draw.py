"""Draws changes: lines by a seed, and one of the changes of each."""

import random
from pathlib import Path

from tests.mutants.mutations import Mutation, find_mutations


def draw_mutations(root: Path, packages: list[str], count: int, seed: int) -> list[Mutation]:
    """At most one change of a line; the same for the same seed and code."""
    by_line: dict[tuple[str, int], list[Mutation]] = {}
    for package in packages:
        for file in sorted((root / package).rglob("*.py")):
            for mutation in find_mutations(file.relative_to(root).as_posix(), file.read_bytes()):
                by_line.setdefault((mutation.path, mutation.line), []).append(mutation)
    drawn = random.Random(seed)
    lines = drawn.sample(sorted(by_line), min(count, len(by_line)))
    return [drawn.choice(by_line[line]) for line in lines]
