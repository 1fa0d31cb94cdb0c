"""The statements of a Python file: which lines they take, and what they mention."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Statement:
    """A simple statement, or the header of a compound one."""

    node: ast.stmt
    first_line: int
    last_line: int
    words: frozenset[str]
    """Every word in its lines."""
    runs_on_import: bool
    """Whether it stands outside any function, or is a function's header, whose default values are computed on import."""
    class_name: str | None
    """The class in which it stands."""
    defines: frozenset[str]
    """The names that other code uses what it computes by: of a statement in a class, the class's."""

    @property
    def lines(self) -> range:
        """The numbers of its lines."""
        return range(self.first_line, self.last_line + 1)


def find_statements(text: str) -> list[Statement]:
    """All statements of a file, in order."""
    return list(_find(ast.parse(text), text.splitlines(), class_name=None, in_function=False))


def _find(parent: ast.AST, lines: list[str], *, class_name: str | None, in_function: bool) -> Iterator[Statement]:
    for node in ast.iter_child_nodes(parent):
        if not isinstance(node, ast.stmt):
            yield from _find(node, lines, class_name=class_name, in_function=in_function)
            continue
        last_line = max(node.lineno, _first_line_of_body(node) - 1)
        names = frozenset() if in_function else _names(node) if class_name is None else frozenset({class_name})
        words = frozenset(WORD.findall("\n".join(lines[node.lineno - 1 : last_line])))
        yield Statement(node, node.lineno, last_line, words, not in_function, class_name, names)
        yield from _find(
            node,
            lines,
            class_name=node.name if isinstance(node, ast.ClassDef) and not in_function else class_name,
            in_function=in_function or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef),
        )


def _first_line_of_body(node: ast.stmt) -> int:
    """Where what is nested in a compound statement begins; of a simple statement, the line after it."""
    if isinstance(node, ast.Match):
        return node.cases[0].pattern.lineno
    body: list[ast.stmt] | None = getattr(node, "body", None)
    return body[0].lineno if body else (node.end_lineno or node.lineno) + 1


def _names(node: ast.stmt) -> frozenset[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return frozenset({node.name})
    return frozenset(
        each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
    ) or frozenset(each.id for each in ast.walk(node) if isinstance(each, ast.Name))
