"""Before an import, after it; an export; what an erasure takes."""

from collections.abc import Iterator, Sequence
from typing import Final

from discord import ui

from bot.chat.cards.frame import CALM, GOOD, LATE, QUIET, Part, card, file, row, text
from bot.chat.cards.receipt import rate
from bot.chat.controls import Act, Of, presses
from bot.chat.words import plain, safe, sentence
from bot.i18n import formatting
from bot.i18n.translations import Translations
from bot.services.data_transfer import Export, ImportPreview, ImportResult
from bot.services.erasure import StoredDataSummary

SHOWN: Final = 15
"""Bad rows on the card."""


def import_card(texts: Translations, preview: ImportPreview) -> ui.LayoutView:
    """What would be written; with bad rows nothing can be."""
    return card(_preview(texts, preview), LATE if preview.bad else CALM)


def _preview(texts: Translations, preview: ImportPreview) -> Iterator[Part]:
    lines = [
        texts("import-title", name=safe(preview.name)),
        texts("import-messages", count=preview.messages, threads=preview.threads),
        texts("import-jobs", count=preview.jobs),
        texts("import-duplicates", count=preview.duplicates),
    ]
    if preview.skipped:
        lines.append(texts("import-skipped", count=preview.skipped))
    if preview.bad:
        lines.append(texts("import-bad", count=len(preview.bad)))
        lines += [
            texts(
                "import-bad-line",
                place=f"{plain(each.file, 40)}:{each.line}" if each.line else plain(each.file, 40),
                reason=sentence(texts, each.reason)[:150],
            )
            for each in preview.bad[:SHOWN]
        ]
        if len(preview.bad) > SHOWN:
            lines.append(texts("missed-more", count=len(preview.bad) - SHOWN))
    yield text(*lines)
    if not preview.bad and preview.messages + preview.jobs:
        yield text(texts("import-sure"))
        yield row(*presses(texts, Of.IMPORT, 0, [Act.CONFIRM, Act.DROP]))
    elif not preview.bad:
        yield text(texts("import-nothing"))


def progress_card(texts: Translations, written: int, total: int) -> ui.LayoutView:
    """How far an import is."""
    return card(
        [
            text(
                texts(
                    "import-progress",
                    pattern=formatting.format_count(texts, written),
                    total=formatting.format_count(texts, total),
                )
            )
        ],
        CALM,
    )


def imported_card(texts: Translations, done: ImportResult) -> ui.LayoutView:
    """What was written."""
    return card(
        [
            text(
                texts("import-done", messages=done.messages, jobs=done.jobs, duplicates=done.duplicates),
                texts("receipt-rate", before=rate(texts, done.rate_before), after=rate(texts, done.rate_after)),
            )
        ],
        GOOD,
    )


def export_card(texts: Translations, taken: Export, names: Sequence[str]) -> ui.LayoutView:
    """The files, and what they hold."""
    said = text(texts("export-title", messages=taken.messages, jobs=taken.jobs), texts("export-about"))
    return card([said, *(file(name) for name in names)], GOOD)


def erase_card(texts: Translations, there: StoredDataSummary) -> ui.LayoutView:
    """What goes, and what only the operator can remove."""
    if not there.is_member:
        return card([text(texts("erase-nobody"))], QUIET)
    lines = [
        texts("erase-title"),
        texts(
            "erase-goes",
            messages=there.messages,
            threads=there.threads,
            jobs=there.jobs,
            reminders=there.reminders,
            declarations=there.declarations,
        ),
        texts("erase-stays", days=there.backup_days),
        texts("erase-sure"),
    ]
    return card([text(*lines), row(*presses(texts, Of.ERASURE, 0, [Act.CONFIRM, Act.DROP]))], LATE)
