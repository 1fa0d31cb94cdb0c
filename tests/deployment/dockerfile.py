"""A Dockerfile and its .dockerignore, read as an engine reads them; what is not known here is refused."""

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

KNOWN = {
    "FROM": set(),
    "WORKDIR": set(),
    "COPY": {"from"},
    "RUN": set(),
    "ENV": set(),
    "USER": set(),
    "VOLUME": set(),
    "HEALTHCHECK": {"interval", "timeout", "start-period"},
    "ENTRYPOINT": set(),
    "CMD": set(),
}
"""Every instruction that can be carried out here, with the flags it may have."""


class UnknownError(Exception):
    """An instruction, a flag or a form that the tests do not exercise yet."""


@dataclass(frozen=True)
class Instruction:
    """One step."""

    word: str
    flags: Mapping[str, str]
    rest: str

    @property
    def words(self) -> list[str]:
        """The rest as a shell would split it."""
        return shlex.split(self.rest)

    @property
    def exec_form(self) -> list[str]:
        """The rest as a list; a shell's line is refused: the shell would be what gets the signals."""
        try:
            listed = json.loads(self.rest)
        except json.JSONDecodeError as fault:
            raise UnknownError(f"{self.word} {self.rest}") from fault
        return [str(each) for each in listed]


def instructions(text: str) -> Iterator[Instruction]:
    """Every step in order."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    for line in re.sub(r"\\\n", " ", "\n".join(lines)).splitlines():
        if not line.strip():
            continue
        word, _, rest = line.strip().partition(" ")
        flags = {}
        while found := re.match(r"\s*--([\w-]+)=(\S+)\s+", rest):
            flags[found[1]] = found[2]
            rest = rest[found.end() :]
        word = word.upper()
        if word not in KNOWN or not flags.keys() <= KNOWN[word]:
            raise UnknownError(line)
        yield Instruction(word, flags, rest.strip())


def substituted(value: str, environ: Mapping[str, str]) -> str:
    """With `$NAME` and `${NAME}` replaced."""
    return re.sub(r"\$(?:(\w+)|\{(\w+)\})", lambda found: environ.get(found[1] or found[2], ""), value)


def _pattern(line: str) -> re.Pattern[str]:
    """A line of .dockerignore; it holds for a path and whatever is beneath."""
    parts = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    written = "".join(parts.get(each) or re.escape(each) for each in re.findall(r"\*\*/|\*\*|\*|\?|[^*?]+", line))
    return re.compile(f"{written}(?:/.*)?")


def in_context(ignore: str, path: str) -> bool:
    """Whether the engine is sent this file: the last line that holds for it says."""
    sent = True
    for each in filter(None, (line.strip() for line in ignore.splitlines())):
        if not each.startswith("#") and _pattern(each.removeprefix("!").strip("/")).fullmatch(path):
            sent = each.startswith("!")
    return sent


def context(root: Path) -> list[str]:
    """Every file of a checkout that the engine is sent."""
    ignore = (root / ".dockerignore").read_text(encoding="utf-8")
    # What stands beside those folders is not even walked: a developer's environment is large.
    tops = {each.split("/")[0] for each in re.findall(r"^!/?(.+)$", ignore, re.MULTILINE)}
    whole = not re.search(r"^\*$", ignore, re.MULTILINE)
    files = (
        file
        for top in root.iterdir()
        if whole or top.name in tops
        for file in (top.rglob("*") if top.is_dir() else [top])
        if file.is_file()
    )
    return sorted(name for file in files if in_context(ignore, name := file.relative_to(root).as_posix()))
