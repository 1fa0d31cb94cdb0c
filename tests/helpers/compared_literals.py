"""The string literals that a test's code compares with something."""

import ast
from collections.abc import Iterable, Iterator

Bindings = dict[str, list[ast.expr]]
Scope = tuple[ast.AST, list[ast.AST]]
COMPARED = (ast.In, ast.NotIn, ast.Eq, ast.NotEq)
SCOPES = (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef)
READ = (ast.Compare, ast.Call, ast.Assign, ast.For, ast.AsyncFor, ast.comprehension)
LEAVES = (ast.Name, ast.Constant, ast.expr_context, ast.operator, ast.cmpop)
SEARCHES = {"count", "endswith", "find", "index", "partition", "split", "startswith"}
"""Methods of strings that search for their argument."""


def compared_literals(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """The line and the value of every string in a comparison, also where a loop or `parametrize` gives it a name."""
    module = bindings_of([node for node in tree.body if isinstance(node, ast.Assign)])
    found: set[tuple[int, str]] = set()
    for scope, nodes in scopes_of(tree):
        bindings = module if scope is tree else module | bindings_of(nodes) | parameters_of(scope)
        for node in nodes:
            if isinstance(node, ast.Compare) and isinstance(node.ops[0], COMPARED):
                operands = [node.left, *node.comparators]
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in SEARCHES:
                operands = node.args
            else:
                continue
            found |= {(each.lineno, str(each.value)) for each in literals(operands, bindings)}
    yield from sorted(found)


def scopes_of(tree: ast.Module) -> list[Scope]:
    """The module and each function, with the nodes in it that compare, call or bind: the tree is walked through once."""
    scopes: list[Scope] = []
    _visit(tree, [], scopes)
    return scopes


def _visit(node: ast.AST, nodes: list[ast.AST], scopes: list[Scope]) -> None:
    first = len(nodes)
    if isinstance(node, READ):
        nodes.append(node)
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, LEAVES):
            _visit(child, nodes, scopes)
    if isinstance(node, SCOPES):
        scopes.append((node, nodes[first:]))


def literals(expressions: list[ast.expr], bindings: Bindings) -> Iterator[ast.Constant]:
    """The string literals of an operand; arguments of calls and subscripts are left out."""
    for expression in expressions:
        match expression:
            case ast.Constant(value=str()):
                yield expression
            case ast.Name(id=name):
                yield from literals(bindings.get(name, []), {})
            case ast.JoinedStr(values=parts) | ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
                yield from literals(parts, bindings)
            case ast.FormattedValue(value=part) | ast.Starred(value=part):
                yield from literals([part], bindings)
            case ast.Dict(keys=keys, values=values):
                yield from literals([*filter(None, keys), *values], bindings)
            case ast.BinOp(left=left, right=right) | ast.IfExp(body=left, orelse=right):
                yield from literals([left, right], bindings)
            case _:
                pass


def bindings_of(nodes: Iterable[ast.AST]) -> Bindings:
    """The expressions assigned to names, and the items of literal tuples and lists that loops assign to them."""
    bindings: Bindings = {}
    for node in nodes:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                bindings.setdefault(name, []).append(value)
            case (
                ast.For(target=target, iter=rows)
                | ast.AsyncFor(target=target, iter=rows)
                | ast.comprehension(target=target, iter=rows)
            ):
                names = target.elts if isinstance(target, ast.Tuple) else [target]
                add_rows(bindings, [getattr(each, "id", "") for each in names], rows)
            case _:
                pass
    return bindings


def parameters_of(scope: ast.AST) -> Bindings:
    """The expressions that `pytest.mark.parametrize` passes to the parameters of a test."""
    bindings: Bindings = {}
    for decorator in getattr(scope, "decorator_list", []):
        match decorator:
            case ast.Call(func=ast.Attribute(attr="parametrize"), args=[names, rows]):
                listed = names.elts if isinstance(names, ast.Tuple | ast.List) else [names]
                words = [each.value for each in listed if isinstance(each, ast.Constant)]
                add_rows(bindings, [name.strip() for word in words for name in str(word).split(",")], rows)
            case _:
                pass
    return bindings


def add_rows(bindings: Bindings, names: list[str], rows: ast.expr) -> None:
    """Bind each name to the expressions of its column."""
    for row in getattr(rows, "elts", []):
        columns = [row] if len(names) == 1 else getattr(row, "elts", [])
        for name, value in zip(names, columns, strict=False):
            bindings.setdefault(name, []).append(value)
