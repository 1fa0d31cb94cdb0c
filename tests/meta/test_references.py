"""Every document and file that the repository's texts name is in the repository.

Checked are: links in Markdown with their anchors; paths between backticks in every text file; and, in comments and
docstrings, every path below a top-level folder and every name that ends in `.md`.
"""

import ast
import io
import re
import subprocess
import tokenize
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache
from pathlib import PurePosixPath
from posixpath import normpath

import pytest

from tests.helpers.machine import ROOT

OUTSIDE = {
    "../shared/discord/openapi.json": "Discord's description of its API: an optional file that lies beside the "
    "repository and must not be copied into it; tests/helpers/api_description.py holds requests against it where it is there",
}
"""Files outside the repository that a text may name, each with its reason."""

OPERATORS_OWN = {"compose.override.yaml": "docs/operate.md tells the operator to write it"}
"""Files that whoever runs the bot makes beside the repository's, each with its reason."""

HISTORICAL = {"CHANGELOG.md": "a change log names files as they were called when the change was made"}
"""Documents whose backticked paths are not checked, each with its reason; their links are."""

CHECKED_EXTENSIONS = ("md", "py", "toml", "ftl", "sql", "js", "gs", "yaml", "lock", "service")
"""A backticked name that ends so is taken for a file of the repository, with or without a folder before it."""

HASH_COMMENTS = {".toml", ".yaml", ".ftl", ".service", ".example", ".ini", ".cfg"}
"""Files in which `#` begins a comment."""
HASH_COMMENT_NAMES = {"Dockerfile", "Makefile", ".dockerignore", ".gitignore", ".ci/run"}
SLASH_COMMENTS = {".js", ".gs"}

FENCE = re.compile(r"^(```|~~~).*?^\1\s*$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
BACKTICKED = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
BETWEEN_BACKTICKS = re.compile(r"`([^`\n]+)(?=`)")
"""Also between the second of a pair and the first of the next one."""
MARKDOWN_NAME = re.compile(r"(?<![\w/.:#-])((?:\.\.?/)*[\w.-]+(?:/[\w.-]+)*\.md(?:#[\w-]+)?)(?![\w/])")
MAY_BE_A_PATH = re.compile(rf"\.md|/[\w./-]+\.(?:{'|'.join(CHECKED_EXTENSIONS)})")
HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*\s*$", re.MULTILINE)
EXPLICIT_ANCHOR = re.compile(r"<a\s+(?:id|name)=\"([^\"]+)\"")
BEFORE_A_STATEMENT = {tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}
PATH = re.compile(r"[\w.*{},/-]+")


@dataclass(frozen=True, slots=True)
class Reference:
    """What a file names: `target` is a path, with or without an anchor."""

    file: str
    target: str


@cache
def repository_files() -> frozenset[str]:
    """Tracked files, and new ones that are not ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607 — git of this machine
        cwd=ROOT, capture_output=True, check=True, text=True,
    ).stdout  # fmt: skip
    return frozenset(name for name in listed.split("\0") if name and (ROOT / name).is_file())


@cache
def folders() -> frozenset[str]:
    """Every folder that has a file."""
    return frozenset(str(parent) for name in repository_files() for parent in PurePosixPath(name).parents)


@cache
def top_level_folders() -> frozenset[str]:
    return frozenset(name.split("/", 1)[0] for name in repository_files() if "/" in name)


@cache
def read(name: str) -> str | None:
    """A file's text; None for a picture."""
    try:
        return (ROOT / name).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


def prose(name: str, text: str) -> str:
    """The part of a file that is read by people: a document without its code blocks, or comments and docstrings."""
    path = PurePosixPath(name)
    if path.suffix == ".md":
        return FENCE.sub("", text)
    if path.suffix == ".py":
        return "\n".join(python_prose(text))
    if path.suffix in HASH_COMMENTS or name in HASH_COMMENT_NAMES:
        return "\n".join(re.findall(r"(?:^|\s)#+ ?(.*)$", text, re.MULTILINE))
    if path.suffix == ".sql":
        return "\n".join(re.findall(r"--(.*)$", text, re.MULTILINE))
    if path.suffix in SLASH_COMMENTS:
        return "\n".join(re.findall(r"(?:^|\s)(?://|/?\*+)(.*)$", text, re.MULTILINE))
    return ""


def python_prose(source: str) -> Iterator[str]:
    """Comments, docstrings, and the strings that stand below a name to explain it."""
    before = tokenize.NEWLINE
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.string
        elif token.type == tokenize.STRING and before in BEFORE_A_STATEMENT:
            yield str(ast.literal_eval(token.string))
        if token.type not in {tokenize.COMMENT, tokenize.NL}:
            before = token.type


def links(text: str) -> Iterator[str]:
    """Relative targets of a Markdown document's links and pictures."""
    for target in LINK.findall(FENCE.sub("", text)):
        if not re.match(r"[a-z][a-z0-9+.-]*:", target):
            yield target


def backticked_paths(text: str, between: re.Pattern[str] = BACKTICKED) -> Iterator[str]:
    """What stands between backticks and is meant as a file or folder of the repository."""
    for quoted in between.findall(text):
        target = re.sub(r"(::\w+|:\d+(-\d+)?)$", "", quoted.strip()).rstrip("/")
        path, _, _ = target.partition("#")
        if not PATH.fullmatch(path) or path.startswith(("/", "-")):
            continue
        below = path.split("/", 1)[0] in top_level_folders() and "/" in path
        named, _, extension = path.rpartition(".")
        if below or (named and extension in CHECKED_EXTENSIONS):
            yield target


def bare_paths(text: str) -> Iterator[str]:
    """Names of documents, and paths below a top-level folder, without backticks."""
    if not MAY_BE_A_PATH.search(text):  # which takes much less than what follows
        return
    without_links = re.sub(r"[a-z][a-z0-9+.-]*://\S+", "", LINK.sub("]()", text))
    yield from MARKDOWN_NAME.findall(without_links)
    tops = "|".join(map(re.escape, sorted(top_level_folders())))
    extensions = "|".join(each for each in CHECKED_EXTENSIONS if each != "md")
    yield from re.findall(rf"(?<![\w/.`-])((?:{tops})/[\w./-]+\.(?:{extensions}))(?![\w/])", without_links)


def references(name: str, text: str) -> set[Reference]:
    """Everything that one file names."""
    found = {Reference(name, target) for target in (links(text) if name.endswith(".md") else ())}
    if name not in HISTORICAL:
        read_by_people = prose(name, text)
        found |= {Reference(name, target) for target in backticked_paths(read_by_people)}
        found |= {Reference(name, target) for target in bare_paths(read_by_people)}
    return found


@cache
def anchors(name: str) -> frozenset[str]:
    """The anchors of a Markdown document, as GitHub makes them of its headings."""
    text = FENCE.sub("", read(name) or "")
    slugs: Counter[str] = Counter()
    for heading in HEADING.findall(text):
        plain = LINK.sub("]", heading).replace("`", "")
        slugs[re.sub(r"[^\w\- ]", "", plain.strip().lower()).replace(" ", "-")] += 1
    repeated = {f"{slug}-{number}" for slug, count in slugs.items() for number in range(1, count)}
    return frozenset({*slugs, *repeated, *EXPLICIT_ANCHOR.findall(text)})


def resolve(reference: Reference) -> set[str]:
    """The files and folders that a reference may mean: from the root, beside the file, or by the end of the path.

    A module may be named without its `.py`; `NAME` stands for any name.
    """
    path = re.sub(r"\bNAME\b", "*", reference.target.partition("#")[0])
    if not path:
        return {reference.file}
    beside = normpath(str(PurePosixPath(reference.file).parent / path))
    known = repository_files() | folders()
    if found := {normpath(path), beside, f"{path}.py"} & known:
        return found
    if "*" in path or "{" in path:
        patterns = alternatives(path)
        return {name for name in known if any(fnmatch(name, pattern) for pattern in patterns)}
    if path.endswith(".md"):
        return set()  # a document is named by its whole path
    return {name for name in known if name.endswith(f"/{path}")}


def alternatives(path: str) -> list[str]:
    """`a/{b,c}` as `a/b` and `a/c`."""
    if (found := re.search(r"\{([^{}]*)\}", path)) is None:
        return [path]
    heads, tails = path[: found.start()], path[found.end() :]
    return [each for middle in found[1].split(",") for each in alternatives(f"{heads}{middle}{tails}")]


def is_there(reference: Reference) -> bool:
    """Whether what is named exists, its anchor included."""
    if reference.target in OUTSIDE or reference.target in OPERATORS_OWN:
        return True
    anchor = reference.target.partition("#")[2]
    meant = resolve(reference)
    return bool(meant) and (not anchor or any(anchor in anchors(name) for name in meant if name.endswith(".md")))


def missing_in(name: str, text: str) -> set[str]:
    """What one file names that is not there."""
    if name.endswith(".py"):  # where all that its code names is there too, it need not be told from the comments
        anywhere = {*backticked_paths(text, BETWEEN_BACKTICKS), *bare_paths(text)}
        if all(is_there(Reference(name, each)) for each in anywhere):
            return set()
    return {each.target for each in references(name, text) if not is_there(each)}


def test_everything_that_is_named_is_there() -> None:
    texts = {name: text for name in repository_files() if (text := read(name)) is not None}
    missing = sorted(f"{name}: {each}" for name, text in texts.items() for each in missing_in(name, text))
    assert not missing, "\n".join(["named, but not in the repository:", *missing])


def test_the_documents_are_named() -> None:
    """The check reads something: README.md is a file of it, which alone links most documents."""
    assert "README.md" in repository_files()
    named = {each.target for each in references("README.md", read("README.md") or "")}
    assert {"docs/guide.md", "docs/operate.md", "docs/reliability.md", "SECURITY.md"} <= named


def test_nothing_else_outside_the_repository_is_read() -> None:
    """Tests build the path of the one optional file; nothing else goes above the repository's root."""
    readers = {
        name
        for name in repository_files()
        if name.endswith(".py") and name != "tests/meta/test_references.py"
        and re.search(r"\b(?:parents\[\d+\]|parent)\s*/\s*[\"']shared[\"']|\.\./shared\b", read(name) or "")
    }  # fmt: skip
    assert readers == {"tests/helpers/api_description.py"}


@pytest.mark.parametrize(
    ("file", "text", "missing"),
    [
        ("README.md", "[a](docs/guide.md) [b](docs/none.md) [c](https://example.org/x.md) [d](#none)", {"docs/none.md", "#none"}),
        ("docs/guide.md", "![a](pictures/ja/status.png) [b](operate.md) [c](../SECURITY.md)", set()),
        ("docs/guide.md", "[a](operate.md#nothing-of-that-name)", {"operate.md#nothing-of-that-name"}),
        ("README.md", "`bot/none.py` `bot/app.py` `bot/app` `bot/NAME.py` `bot/app.py::run` `tests/none/` `/status` `12/16` `data/nintei.db`", {"bot/none.py", "tests/none"}),
        ("README.md", "`app.py` `none.toml` `docs/*.md` `docs/*.none` `tests/{meta,none}/x.py`", {"none.toml", "docs/*.none", "tests/{meta,none}/x.py"}),
        ("README.md", "```\n[a](none.md) `bot/none.py`\n```\n", set()),
        ("README.md", "See NONE.md, SECURITY.md and docs/none/x.py.", {"NONE.md", "docs/none/x.py"}),
        ("CHANGELOG.md", "`bot/none.py` was renamed; [a](none.md)", {"none.md"}),
        ("bot/app.py", '"""As NONE.md §1 says."""\nx = "OTHER.md"\n# see docs/none.md#a\n', {"NONE.md", "docs/none.md#a"}),
        ("bot/app.py", 'x = 1\n"""In `storage/none.py`."""\n', {"storage/none.py"}),
        ("compose.yaml", "# as docs/none.md\na: b  # and NONE.md\nc: OTHER.md\n", {"docs/none.md", "NONE.md"}),
        ("bot/x.sql", "-- NONE.md\nSELECT 1;", {"NONE.md"}),
        ("bot/x.js", "// NONE.md\n/* docs/none.md */\nlet a = 'OTHER.md';", {"NONE.md", "docs/none.md"}),
    ],
)  # fmt: skip
def test_what_is_missing_is_found(file: str, text: str, missing: set[str]) -> None:
    assert missing_in(file, text) == missing


def test_anchors_are_those_of_the_headings() -> None:
    assert "before-you-start" not in anchors("SECURITY.md")
    assert {"how-it-counts", "what-it-stores"} <= anchors("README.md")
