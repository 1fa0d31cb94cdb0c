"""One-line changes of a Python file that its tests should notice."""

import ast
import difflib
import re
from dataclasses import dataclass
from itertools import pairwise

from tests.mutants.statements import Statement, find_statements

_COMPARISONS: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="),
    ast.GtE: (">=", ">"),
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.Is: ("is", "is not"),
    ast.IsNot: ("is not", "is"),
    ast.In: ("in", "not in"),
    ast.NotIn: ("not in", "in"),
}
_SIGNS: dict[type[ast.operator], tuple[str, str]] = {ast.Add: ("+", "-"), ast.Sub: ("-", "+")}
_JUNCTIONS: dict[type[ast.boolop], tuple[str, str]] = {ast.And: ("and", "or"), ast.Or: ("or", "and")}
_EXTREMES = {"min": "max", "max": "min"}

_SQL_WORD = re.compile(r"\b(SELECT|UPDATE|DELETE|INSERT|FROM|WHERE|AND|OR|ORDER BY|CASE|EXISTS|VALUES|SET)\b")
_SQL_NOT_CODE = re.compile(r"\{[^{}]*\}|'[^']*'|(?m:^\s*#.*$)|(?m:\"\s*#.*$)")
"""What a query's text has beside SQL: what is put in, values, and comments between its parts."""
_SQL_PART = re.compile(
    r"<=|>=|<>|(?<=\s)[<>](?=\s)|(?<=\s)[-+](?=\s)|\bAND\b|\bOR\b|\bASC\b|\bDESC\b|\bIS NOT NULL\b|\bIS NULL\b"
    r"|\bNOT (?=IN|EXISTS)|\b(?:min|max)(?=\()|\bORDER BY [\w.]+(?! DESC)\b|(?<![\w$.])\d+(?![\w.])"
)
_SQL_CHANGES = {
    "<": ["<="], "<=": ["<"], ">": [">="], ">=": [">"], "<>": ["="], "+": ["-"], "-": ["+"], "AND": ["OR"], "OR": ["AND"],
    "ASC": ["DESC"], "DESC": ["ASC"], "IS NULL": ["IS NOT NULL"], "IS NOT NULL": ["IS NULL"], "NOT ": [""],
    "min": ["max"], "max": ["min"],
}  # fmt: skip

_UNTESTED_KEYWORDS = {"strict", "repr", "slots", "frozen", "kw_only", "covariant", "contravariant"}
_UNTESTED_NAMES = {"__slots__", "__all__", "__match_args__"}
_LOGGERS = {"log", "logger", "logging", "warnings"}


@dataclass(frozen=True, slots=True, order=True)
class Mutation:
    """Bytes `start` to `end` of a file replaced."""

    path: str
    line: int
    start: int
    end: int
    replacement: str

    def apply(self, source: bytes) -> bytes:
        """The file's content with the change."""
        return source[: self.start] + self.replacement.encode() + source[self.end :]

    def diff(self, source: bytes) -> str:
        """The line before and after."""
        before, after = (content.decode().splitlines() for content in (source, self.apply(source)))
        return "\n".join(
            line for line in difflib.unified_diff(before, after, n=0, lineterm="") if line[:2] not in _HEADS
        )


_HEADS = {"--", "++", "@@"}


def find_mutations(path: str, source: bytes) -> list[Mutation]:
    """Every change of a file. Docstrings, comments, types, decorators and what is logged stay as they are."""
    finder = _Finder(path, source)
    for statement in find_statements(source.decode()):
        finder.find_in(statement)
    return sorted(set(finder.found))


class _Finder:
    def __init__(self, path: str, source: bytes) -> None:
        self.path = path
        self.source = source
        self.found: list[Mutation] = []
        self._has_sql = path.startswith("storage/")
        self._line_starts = [0]
        for line in source.splitlines(keepends=True):
            self._line_starts.append(self._line_starts[-1] + len(line))

    def find_in(self, statement: Statement) -> None:
        """Collect the changes of one statement, without those nested in it."""
        node = statement.node
        if isinstance(node, ast.Import | ast.ImportFrom | ast.ClassDef | ast.Assert | ast.Global):
            return
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for default in (*node.args.defaults, *node.args.kw_defaults):
                self._find(default)
            return
        if _is_untested(node):
            return
        if node.lineno == node.end_lineno:
            self._find_removals(node)
        if isinstance(node, ast.If | ast.While):
            self._find_negation(node.test)
        if isinstance(node, ast.AugAssign) and type(node.op) in _SIGNS:
            self._replace_between(node.target, node.value, *_SIGNS[type(node.op)])
        for child in ast.iter_child_nodes(node):
            if not isinstance(child, ast.stmt) and child is not getattr(node, "annotation", None):
                self._find(child)

    def _find_removals(self, node: ast.stmt) -> None:
        if isinstance(node, ast.Return) and node.value is not None and not _is_none_or_false(node.value):
            self._replace(node.value, "None")
        elif isinstance(node, ast.Expr | ast.AugAssign | ast.Raise | ast.Continue | ast.Break):
            self._replace(node, "pass")

    def _find_negation(self, node: ast.expr) -> None:
        if isinstance(node, ast.Name | ast.Attribute | ast.Call | ast.Await) and node.lineno == node.end_lineno:
            start, end = self._span(node)
            self._replace(node, f"not {self.source[start:end].decode()}")

    def _find(self, node: ast.AST | None) -> None:
        if node is None or isinstance(node, ast.ExceptHandler | ast.match_case):
            return
        if isinstance(node, ast.keyword) and node.arg in _UNTESTED_KEYWORDS:
            return
        if isinstance(node, ast.JoinedStr):  # where its parts stand is not known before Python 3.12
            self._find_in_sql(node)
            return
        self._find_operators(node)
        self._find_values(node)
        for child in ast.iter_child_nodes(node):
            self._find(child)

    def _find_operators(self, node: ast.AST) -> None:
        match node:
            case ast.Compare():
                operands = [node.left, *node.comparators]
                for left, operator, right in zip(operands, node.ops, node.comparators, strict=False):
                    self._replace_between(left, right, *_COMPARISONS[type(operator)])
            case ast.BoolOp():
                for left, right in pairwise(node.values):
                    self._replace_between(left, right, *_JUNCTIONS[type(node.op)])
            case ast.BinOp() if type(node.op) in _SIGNS and not _is_text(node.left) and not _is_text(node.right):
                self._replace_between(node.left, node.right, *_SIGNS[type(node.op)])
            case ast.UnaryOp(op=ast.Not()):
                start = self._span(node)[0]
                self._add(start, start + len("not "), "")
            case ast.IfExp():
                self._find_negation(node.test)
            case ast.comprehension():
                for condition in node.ifs:
                    self._find_negation(condition)

    def _find_values(self, node: ast.AST) -> None:
        match node:
            case ast.Name(id=name) if name in _EXTREMES:
                self._replace(node, _EXTREMES[name])
            case ast.Constant(value=str()):
                self._find_in_sql(node)
            case ast.Constant(value=bool()):
                self._replace(node, str(not node.value))
            case ast.Constant(value=int()):
                self._replace(node, str(node.value + 1))
                self._replace(node, str(abs(node.value - 1)))

    def _find_in_sql(self, node: ast.JoinedStr | ast.Constant) -> None:
        start, end = self._span(node)
        text = self.source[start:end].decode()
        if not self._has_sql or not text.isascii() or not _SQL_WORD.search(text):
            return
        sql = _SQL_NOT_CODE.sub(lambda part: " " * len(part[0]), text)
        for part in _SQL_PART.finditer(sql):
            word = part[0]
            if word.isdigit():
                changes = sorted({str(int(word) + 1), str(abs(int(word) - 1))})
            else:
                changes = _SQL_CHANGES.get(word) or [f"{word} DESC"]
            for changed in changes:
                self._add(start + part.start(), start + part.end(), changed)

    def _span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        start = self._line_starts[node.lineno - 1] + node.col_offset
        return start, self._line_starts[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0)

    def _replace(self, node: ast.expr | ast.stmt, replacement: str) -> None:
        self._add(*self._span(node), replacement)

    def _replace_between(self, left: ast.expr, right: ast.expr, operator: str, replacement: str) -> None:
        start = self._span(left)[1]
        between = self.source[start : self._span(right)[0]].decode()
        if (at := between.find(operator)) >= 0 and between.isascii():
            self._add(start + at, start + at + len(operator), replacement)

    def _add(self, start: int, end: int, replacement: str) -> None:
        line = self.source.count(b"\n", 0, start) + 1
        self.found.append(Mutation(self.path, line, start, end, replacement))


def _is_untested(node: ast.stmt) -> bool:
    """Whether it is text about the code, or is logged."""
    match node:
        case ast.Expr(value=ast.Constant()):
            return True
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name)))):
            return name in _LOGGERS
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name in _UNTESTED_NAMES
    return False


def _is_none_or_false(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value in {None, False}


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))
