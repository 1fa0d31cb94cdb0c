"""Requests held against Discord's published API description, where it lies beside the project."""

import json
import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from jsonschema_rs import Draft202012Validator, Registry

from bot.fake_discord.server import Request
from tests.helpers.machine import ROOT

DESCRIPTION = ROOT.parent / "shared" / "discord" / "openapi.json"


@cache
def _description() -> dict[str, Any]:
    described: dict[str, Any] = json.loads(DESCRIPTION.read_text(encoding="utf-8"))
    # Snowflakes sent as integers are fine.
    described["components"]["schemas"]["SnowflakeType"] = {"type": ["string", "integer"]}
    return described


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


def _path(steps: list[str | int]) -> str:
    return "/".join(map(str, steps)) or "the body"


def faults(requests: Iterable[Request]) -> list[str]:
    """What the description does not know or would not take."""
    found = []
    for request in requests:
        templates = [template for pattern, template in _paths() if pattern.match(request.path)]
        if not templates:
            found.append(f"{request.method} {request.path}: not described")
            continue
        exact = [each for each in templates if "{" not in each.rsplit("/", 1)[-1]] or templates
        validator = _validator(exact[0], request.method)
        if validator is not None and request.body is not None:
            found += [
                f"{request.method} {exact[0]}: {_path(error.instance_path)}: {error.message[:300]}"
                for error in validator.iter_errors(request.body)
            ]
    return found
