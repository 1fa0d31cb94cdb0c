"""The other sites whose mail is known by its sender: other_sites.toml has their names and domains."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Final

MAX_SENDER: Final = 2000
_SHORT_FOR_CROWDWORKS: Final = "cw"
_ADDRESS: Final = re.compile(r"[\w.+-]+@([\w.-]+)")


@cache
def _site_by_domain() -> dict[str, str]:
    """The name of each site by its domains."""
    table = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return {domain: site["name"] for site in table["sites"] for domain in site["domains"]}


@cache
def _site_words() -> frozenset[str]:
    """What people call the sites: their names, and their domains without the end."""
    names = {name.casefold() for name in _site_by_domain().values()}
    return frozenset(names | {domain.partition(".")[0] for domain in _site_by_domain()} | {_SHORT_FOR_CROWDWORKS})


def is_name_of_other_site(text: str) -> bool:
    """Whether a text, in lower case, is a site's name: ココナラ, coconala."""
    return text.strip() in _site_words()


def begins_with_other_site(text: str) -> bool:
    """Whether a text, in lower case, says first on which site somebody is: ココナラ鈴木."""
    return any(text.startswith(word) for word in _site_words() if len(word) > len(_SHORT_FOR_CROWDWORKS))


def site_of_sender(sender: str | None) -> str | None:
    """The site that a mail's sender belongs to: by the domain of the address, or by the name where none is written."""
    text = (sender or "")[:MAX_SENDER]
    hosts = [host.casefold().rstrip(".") for host in _ADDRESS.findall(text)]
    if hosts:
        parts = hosts[-1].split(".")
        suffixes = (".".join(parts[start:]) for start in range(len(parts)))
        return next((_site_by_domain()[suffix] for suffix in suffixes if suffix in _site_by_domain()), None)
    names = {name.casefold(): name for name in _site_by_domain().values()}
    return names.get(text.strip().strip("\"'").casefold())
