"""Prometheus' own tool, which runs the alert rules over series as a scraper would have stored them."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import pytest
import yaml
from prometheus_client.core import Metric

from tests.helpers.machine import ROOT

PROMTOOL: Final = os.environ.get("PROMTOOL") or shutil.which("promtool")

needs_promtool = [
    pytest.mark.promtool,
    pytest.mark.skipif(PROMTOOL is None and "CI" not in os.environ, reason="no promtool: apt install prometheus"),
]

RULES: Final = ROOT / "docs" / "alerts.yaml"
SCRAPE_SECONDS: Final = 60
HEALTHY_SCRAPES: Final = 65
FAULTY_SCRAPES: Final = 40
"""Longer than every `for` of a rule."""

Samples = Mapping[str, float]
"""The samples of one scrape, by name and labels as a query writes them."""


def read_samples(families: Iterable[Metric]) -> dict[str, float]:
    """The samples of a scrape."""
    return {
        sample.name + _written(sample.labels): sample.value
        for family in families
        for sample in family.samples
        if not sample.name.endswith("_created")
    }


def _written(labels: Mapping[str, str]) -> str:
    return f"{{{','.join(f'{name}={value!r}' for name, value in labels.items())}}}".replace("'", '"') if labels else ""


def firing_alerts(
    folder: Path, before: Iterable[Samples], after: Iterable[Samples | None], *, now: float, grows_on: bool = True
) -> set[str]:
    """The alerts that fire while each process is as `after` (None: it is gone), when it was as `before` until then.

    `now`: seconds since 1970, for samples that are an instant; the tool's own time begins at 0. `grows_on`: a counter that grew between the two goes on growing so with every scrape.
    """
    rules = RULES.read_text(encoding="utf-8")
    series = []
    for number, (healthy, faulty) in enumerate(zip(before, after, strict=True)):
        target = f'instance="{number}",job="nintei"'
        series.append(_line(f"up{{{target}}}", 1, 1 if faulty is not None else 0, is_counter=False))
        for name in sorted(healthy.keys() | (faulty or {}).keys()):
            metric, _, labels = name.partition("{")
            if metric not in rules:
                continue
            values = [
                None if value is None else value - now * metric.endswith("_timestamp_seconds")
                for value in (healthy.get(name), (faulty or {}).get(name))
            ]
            is_counter = grows_on and metric.endswith(("_total", "_bucket"))
            labelled = f"{metric}{{{target}{',' + labels[:-1] if labels else ''}}}"
            series.append(_line(labelled, *values, is_counter=is_counter))
    expression = 'group by (alertname) (max_over_time(ALERTS{alertstate="firing"}[1d]))'
    checked = {"expr": expression, "eval_time": f"{(HEALTHY_SCRAPES + FAULTY_SCRAPES) * SCRAPE_SECONDS}s"}
    test = {
        "rule_files": [str(RULES)],
        "evaluation_interval": f"{SCRAPE_SECONDS}s",
        "tests": [
            {
                "interval": f"{SCRAPE_SECONDS}s",
                "input_series": series,
                # Expected so that the tool prints what there is, whatever that is.
                "promql_expr_test": [{**checked, "exp_samples": [{"labels": '{alertname="none"}', "value": -1}]}],
            }
        ],
    }
    file = folder / "alerts.test.yaml"
    file.write_text(yaml.safe_dump(test), encoding="utf-8")
    assert PROMTOOL is not None, "no promtool: apt install prometheus"
    ended = subprocess.run([PROMTOOL, "test", "rules", str(file)], capture_output=True, text=True, check=False)
    said = ended.stdout + ended.stderr
    assert "got:" in said, said
    return set(re.findall(r'alertname="(\w+)"', said.partition("got:")[2]))


def _line(name: str, healthy: float | None, faulty: float | None, *, is_counter: bool) -> dict[str, str]:
    before = f"_x{HEALTHY_SCRAPES}" if healthy is None else f"{healthy:g}x{HEALTHY_SCRAPES}"
    if faulty is None:
        return {"series": name, "values": f"{before} stale"}
    growth = faulty - healthy if is_counter and healthy is not None else 0
    return {"series": name, "values": f"{before} {faulty:g}+{growth:g}x{FAULTY_SCRAPES}"}
