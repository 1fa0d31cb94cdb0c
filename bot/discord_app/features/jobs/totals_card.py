"""What the member's jobs earned by month and by year: the card, and the file for a spreadsheet."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from discord import ui

from bot.discord_app.ui.layout import INFO, Card, LayoutItem, build_card, small_print, text_block
from bot.domain.fees.terms import Tax
from bot.domain.fees.totals import EarningsTotals, YearOfEarnings
from bot.i18n import formatting
from bot.i18n.translations import Translations

TOTALS_FILE_NAME: Final = "earnings.csv"
MAX_YEARS_SHOWN: Final = 10
"""The file has every one."""

_COLUMNS: Final = ("jobs", "contract_total", "consumption_tax", "system_fee", "withheld", "take_home")


def job_totals_card(
    texts: Translations, years: Sequence[YearOfEarnings], tax: Tax, *, first_kept_day: date | None
) -> Card:
    """The newest of the years by month, then the years; `years` is not empty.

    `first_kept_day`: jobs before it are deleted; `None` for a member who keeps old records.
    """
    return build_card(_job_totals_parts(texts, years, tax, first_kept_day), INFO)


def _job_totals_parts(
    texts: Translations, years: Sequence[YearOfEarnings], tax: Tax, first_kept_day: date | None
) -> Iterator[LayoutItem]:
    newest = years[0]
    yield text_block(
        texts("totals-title", year=str(newest.year), amount=formatting.format_yen(texts, newest.total.take_home)),
        texts(
            "totals-sums",
            total=formatting.format_yen(texts, newest.total.contract_total),
            fee=formatting.format_yen(texts, newest.total.system_fee),
            withheld=formatting.format_yen(texts, newest.total.withheld),
        ),
    )
    yield ui.Separator()
    months = (
        _job_totals_line(texts, "totals-month", _totals_month_name(texts, month), totals, "month")
        for month, totals in newest.months
    )
    yield text_block(*months, small_print(texts("totals-columns")))
    if len(years) > 1:
        yield ui.Separator()
        yield text_block(
            *(
                _job_totals_line(texts, "totals-year", str(year.year), year.total, "year")
                for year in years[:MAX_YEARS_SHOWN]
            )
        )
    yield ui.File(f"attachment://{TOTALS_FILE_NAME}")
    yield text_block(
        small_print(texts("totals-note-fees")),
        small_print(texts("totals-note-tax", tax=texts(f"tax-{tax}"))),
        small_print(texts("totals-note-withheld")),
        None
        if first_kept_day is None
        else small_print(texts("totals-note-deleted", day=formatting.format_day(texts, first_kept_day))),
    )


def _totals_month_name(texts: Translations, month: int) -> str:
    return str(month) if texts.locale == "ja" else date(2000, month, 1).strftime("%b")


def _job_totals_line(texts: Translations, text_id: str, period: str, totals: EarningsTotals, name: str) -> str:
    confidence = ""
    if totals.confidence != "official":
        confidence = texts("totals-confidence", confidence=texts(f"confidence-{totals.confidence}"))
    withheld = ""
    if totals.withheld:
        withheld = texts("totals-withheld", amount=formatting.format_yen(texts, totals.withheld))
    line = texts(
        text_id,
        jobs=totals.jobs,
        total=formatting.format_yen(texts, totals.contract_total),
        fee=formatting.format_yen(texts, totals.system_fee),
        withheld=withheld,
        kept=formatting.format_yen(texts, totals.take_home),
        confidence=confidence,
        **{name: period},
    )
    return small_print(line)


def job_totals_csv(texts: Translations, years: Sequence[YearOfEarnings]) -> bytes:
    """CSV with a byte order mark, which Excel needs: a row for every month, and one for the year after them."""
    file = io.StringIO()
    writer = csv.writer(file)
    names = ("year", "month", *_COLUMNS, "confidence")
    writer.writerow(texts(f"totals-csv-{name}") for name in names)
    for year in reversed(years):
        for month, totals in year.months:
            writer.writerow(_job_totals_csv_row(texts, year.year, str(month), totals))
        writer.writerow(_job_totals_csv_row(texts, year.year, texts("totals-csv-whole-year"), year.total))
    return file.getvalue().encode("utf-8-sig")


def _job_totals_csv_row(texts: Translations, year: int, period: str, totals: EarningsTotals) -> list[str | int]:
    figures = [getattr(totals, name) for name in _COLUMNS]
    return [year, period, *figures, texts(f"confidence-{totals.confidence}")]
