"""Before an import, after it; an export; what an erasure takes."""

from collections.abc import Iterator, Sequence
from typing import Final

from discord import ui

from bot.discord_app.features.recording.receipt_card import format_rate
from bot.discord_app.ui.components import Action, Target, action_buttons
from bot.discord_app.ui.formatting import escape, format_error, truncate_label
from bot.discord_app.ui.layout import DANGER, INFO, MUTED, SUCCESS, LayoutItem, build_card, file, row, text
from bot.i18n import formatting
from bot.i18n.translations import Translations
from bot.services.data_transfer import Export, ImportPreview, ImportResult
from bot.services.erasure import StoredDataSummary

MAX_ROWS: Final = 15
"""Bad rows on the card."""


def import_card(texts: Translations, preview: ImportPreview) -> ui.LayoutView:
    """What would be written; with bad rows nothing can be."""
    return build_card(_preview(texts, preview), DANGER if preview.problems else INFO)


def _preview(texts: Translations, preview: ImportPreview) -> Iterator[LayoutItem]:
    lines = [
        texts("import-title", name=escape(preview.name)),
        texts("import-messages", count=preview.messages, threads=preview.threads),
        texts("import-jobs", count=preview.jobs),
        texts("import-duplicates", count=preview.duplicates),
    ]
    if preview.skipped:
        lines.append(texts("import-skipped", count=preview.skipped))
    if preview.problems:
        lines.append(texts("import-bad", count=len(preview.problems)))
        lines += [
            texts(
                "import-bad-line",
                place=f"{truncate_label(each.file, 40)}:{each.line}" if each.line else truncate_label(each.file, 40),
                reason=format_error(texts, each.reason)[:150],
            )
            for each in preview.problems[:MAX_ROWS]
        ]
        if len(preview.problems) > MAX_ROWS:
            lines.append(texts("missed-more", count=len(preview.problems) - MAX_ROWS))
    yield text(*lines)
    if not preview.problems and preview.messages + preview.jobs:
        yield text(texts("import-sure"))
        yield row(*action_buttons(texts, Target.IMPORT, 0, [Action.CONFIRM, Action.CANCEL]))
    elif not preview.problems:
        yield text(texts("import-nothing"))


def progress_card(texts: Translations, written: int, total: int) -> ui.LayoutView:
    """How far an import is."""
    return build_card(
        [
            text(
                texts(
                    "import-progress",
                    written=formatting.format_count(texts, written),
                    total=formatting.format_count(texts, total),
                )
            )
        ],
        INFO,
    )


def imported_card(texts: Translations, result: ImportResult) -> ui.LayoutView:
    """What was written."""
    return build_card(
        [
            text(
                texts("import-done", messages=result.messages, jobs=result.jobs, duplicates=result.duplicates),
                texts(
                    "receipt-rate",
                    before=format_rate(texts, result.rate_before),
                    after=format_rate(texts, result.rate_after),
                ),
            )
        ],
        SUCCESS,
    )


def export_card(texts: Translations, export: Export, names: Sequence[str]) -> ui.LayoutView:
    """The files, and what they hold."""
    said = text(texts("export-title", messages=export.messages, jobs=export.jobs), texts("export-about"))
    return build_card([said, *(file(name) for name in names)], SUCCESS)


def erase_confirmation_card(texts: Translations, stored_data: StoredDataSummary) -> ui.LayoutView:
    """What goes, and what only the operator can remove."""
    if not stored_data.is_member:
        return build_card([text(texts("erase-nobody"))], MUTED)
    lines = [
        texts("erase-title"),
        texts(
            "erase-goes",
            messages=stored_data.messages,
            threads=stored_data.threads,
            jobs=stored_data.jobs,
            reminders=stored_data.reminders,
            declarations=stored_data.declarations,
        ),
        texts("erase-stays", days=stored_data.backup_days),
        texts("erase-sure"),
    ]
    return build_card(
        [text(*lines), row(*action_buttons(texts, Target.ERASURE, 0, [Action.CONFIRM, Action.CANCEL]))], DANGER
    )
