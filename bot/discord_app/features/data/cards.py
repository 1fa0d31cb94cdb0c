"""Import, export and erasure: what would happen, and what happened."""

from collections.abc import Iterator, Sequence
from typing import Final

from discord import ui

from bot.discord_app.features.data.offered_file import OfferedFile
from bot.discord_app.ui.components import ActionButton, action_row
from bot.discord_app.ui.formatting import bold, format_error, format_label
from bot.discord_app.ui.layout import DANGER, INFO, SUCCESS, Card, LayoutItem, build_card, notice_card, text_block
from bot.discord_app.ui.press_words import Action, Target
from bot.errors import NinteiError
from bot.i18n.formatting import format_count
from bot.i18n.reply_rate import format_rate_change
from bot.i18n.translations import Translations
from bot.parsing.import_file import MAX_IMPORT_BYTES
from bot.services.data_transfer import ImportPreview, ImportResult
from bot.services.erasure import StoredDataSummary
from bot.services.export_writer import Export

MAX_ROWS: Final = 15
"""Unreadable rows that the card lists; further ones are counted."""

MAX_FILE_NAME: Final = 40
MAX_REASON: Final = 150
"""Characters of a row's file name and of the reason why it cannot be read."""


def import_preview_card(texts: Translations, preview: ImportPreview) -> Card:
    """What an import would write; one unreadable row prevents it."""
    buttons = action_row(texts, Target.IMPORT, preview.number, [Action.CONFIRM, Action.CANCEL])
    title = texts("import-title", name=bold(preview.name))
    return build_card(_import_preview_parts(texts, title, preview, buttons), DANGER if preview.problems else INFO)


def file_offer_card(texts: Translations, file: OfferedFile, preview: ImportPreview | NinteiError) -> Card:
    """What is in a file that the member sent, with a button that imports it; or why it cannot be imported."""
    if isinstance(preview, NinteiError):
        return notice_card(format_error(texts, preview))
    title = texts("import-title", name=bold(preview.name))
    if preview.rows:  # without one that can be read, what kind it is is not known either
        title = texts("import-offer", name=bold(preview.name), kind=preview.kind, count=preview.rows)
    buttons = ui.ActionRow(
        ActionButton(Target.IMPORT, file.target_id, Action.IMPORT_FILE, texts("action-take"), file.value),
    )
    return build_card(_import_preview_parts(texts, title, preview, buttons), DANGER if preview.problems else INFO)


def _import_preview_parts(
    texts: Translations, title: str, preview: ImportPreview, buttons: LayoutItem
) -> Iterator[LayoutItem]:
    lines = [title, *_import_counts(texts, preview)]
    if preview.problems:
        lines.append(texts("import-bad", count=preview.problem_count))
        for bad_row in preview.problems[:MAX_ROWS]:
            file_name = format_label(bad_row.file, MAX_FILE_NAME)
            place = f"{file_name}:{bad_row.line}" if bad_row.line else file_name
            reason = format_error(texts, bad_row.reason)[:MAX_REASON]
            lines.append(texts("import-bad-line", place=place, reason=reason))
        if preview.problem_count > MAX_ROWS:
            lines.append(texts("more-rows", count=preview.problem_count - MAX_ROWS))
    yield text_block(*lines)
    if preview.is_importable:
        yield text_block(texts("import-confirm"))
        yield buttons
    elif not preview.problems:
        yield text_block(texts("import-nothing"))


def _import_counts(texts: Translations, preview: ImportPreview) -> Iterator[str]:
    if preview.messages:
        yield texts("import-messages", count=preview.messages, threads=preview.threads)
    if preview.jobs:
        yield texts("import-jobs", count=preview.jobs)
    if preview.duplicates:
        yield texts("import-duplicates", count=preview.duplicates)
    if preview.jobs:
        yield texts("import-rewards")
    if preview.has_statements:
        yield texts("import-statements")
    if preview.skipped:
        yield texts("import-skipped", count=preview.skipped)


def import_progress_card(texts: Translations, written: int, total: int) -> Card:
    """How many rows of an import are written."""
    progress = texts("import-progress", written=format_count(texts, written), total=format_count(texts, total))
    return notice_card(progress, INFO)


def import_result_card(texts: Translations, result: ImportResult) -> Card:
    """What an import wrote, the reply rate where it has changed, and what is due without a reminder before."""
    if not result.messages and not result.jobs:  # known, or recorded meanwhile
        if result.has_statements:
            return notice_card(texts("import-statements-done"), SUCCESS)
        return notice_card(texts("import-nothing"))
    counts = texts("import-done", messages=result.messages, jobs=result.jobs, duplicates=result.duplicates)
    change = format_rate_change(texts, result.rate_before, result.rate_after, result.rule)
    left = result.without_reminder
    no_reminder = texts("import-no-reminder", count=left) if left else None
    return build_card([text_block(counts, change, no_reminder)], SUCCESS)


def export_card(texts: Translations, export: Export, file_names: Sequence[str]) -> Card:
    """The attached files, and what is in them."""
    summary = text_block(
        texts("export-title", messages=export.messages, jobs=export.jobs),
        texts("export-about"),
        None if export.is_json_importable else texts("export-large", most=MAX_IMPORT_BYTES // 1024 // 1024),
    )
    return build_card([summary, *(ui.File(f"attachment://{name}") for name in file_names)], SUCCESS)


def confirm_erasure_card(texts: Translations, stored_data: StoredDataSummary) -> Card:
    """What an erasure removes, and what only the operator can remove."""
    if not stored_data.is_member:
        return notice_card(texts("erase-nobody"))
    erased = texts(
        "erase-erased",
        messages=stored_data.messages,
        threads=stored_data.threads,
        jobs=stored_data.jobs,
        reminders=stored_data.reminders,
        declarations=stored_data.declarations,
    )
    kept = texts("erase-kept", days=stored_data.backup_days)
    question = text_block(texts("erase-title"), erased, texts("erase-remains"), kept, texts("erase-confirm"))
    choices = [Action.CONFIRM, Action.CONFIRM_WITH_MESSAGES, Action.CANCEL]
    return build_card([question, action_row(texts, Target.ERASURE, 0, choices)], DANGER)
