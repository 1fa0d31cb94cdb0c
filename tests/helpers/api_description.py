"""Discord's published API description, against which the requests of tests are checked where it lies beside the project.

It is not in the repository and must not be copied into it. Without it the check is left out, and pytest's summary says so.
"""

import json
import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from jsonschema_rs import Draft202012Validator, Registry

from bot.fake_discord.api_request import ApiRequest
from tests.helpers.machine import ROOT

DESCRIPTION = ROOT.parent / "shared" / "discord" / "openapi.json"
NOT_CHECKED = f"No request was checked against Discord's API description: there is no {DESCRIPTION}"


@cache
def _description() -> dict[str, Any]:
    description: dict[str, Any] = json.loads(DESCRIPTION.read_text(encoding="utf-8"))
    # Discord takes snowflakes as integers too, which the description does not say.
    description["components"]["schemas"]["SnowflakeType"] = {"type": ["string", "integer"]}
    return description


@cache
def _paths() -> list[tuple[re.Pattern[str], str]]:
    return [(re.compile("^" + re.sub(r"\{[^}]+\}", "[^/]+", path) + "$"), path) for path in _description()["paths"]]


@cache
def _registry() -> Registry:
    return Registry([("urn:discord", _description())])


@cache
def _validator(path: str, method: str) -> Draft202012Validator | None:
    operation = _description()["paths"][path].get(method.lower(), {})
    schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    if schema is None:
        return None
    absolute = json.loads(json.dumps(schema).replace('"#/', '"urn:discord#/'))
    return Draft202012Validator(absolute, registry=_registry())


@cache
def _template(path: str) -> str | None:
    """The described path that a request's path fits."""
    templates = [template for pattern, template in _paths() if pattern.match(path)]
    exact = [template for template in templates if "{" not in template.rsplit("/", 1)[-1]]
    return next(iter(exact or templates), None)


def violations(requests: Iterable[ApiRequest]) -> list[str]:
    """Return a line for each request that the description does not know or allow; none where it is not there."""
    if not DESCRIPTION.exists():
        return []
    lines = []
    for request in requests:
        template = _template(request.path)
        if template is None:
            lines.append(f"{request.method} {request.path}: not described")
            continue
        validator = _validator(template, request.method)
        if validator is not None and request.body is not None:
            lines += [
                f"{request.method} {template}: {'/'.join(map(str, error.instance_path)) or 'the body'}: {error.message[:300]}"
                for error in validator.iter_errors(request.body)
            ]
    return lines
