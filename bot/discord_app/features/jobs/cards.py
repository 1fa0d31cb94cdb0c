"""The member's jobs: one entry, or the list."""

from collections.abc import Iterator

from bot.discord_app.ui.components import action_row, pagination_items
from bot.discord_app.ui.formatting import SHORT_NAME_LENGTH, escape_name, format_label
from bot.discord_app.ui.layout import INFO, MUTED, SUCCESS, Card, LayoutItem, build_card, text_block
from bot.discord_app.ui.press_words import Action, Target
from bot.domain.certification.jobs import Evaluation, JobOutcome
from bot.i18n import formatting
from bot.i18n.translations import Translations
from bot.services.jobs import JobsPage
from storage.jobs import StoredJob


def job_evaluation_text(texts: Translations, evaluation: Evaluation | None) -> str:
    """Stars such as ★4.8, satisfied or dissatisfied, or that there is none."""
    if evaluation is None:
        return texts("evaluation-none")
    if evaluation.tenths is None:
        return texts("evaluation-satisfied" if evaluation.satisfied else "evaluation-dissatisfied")
    return f"★{evaluation.tenths // 10}.{evaluation.tenths % 10}"


def job_line(texts: Translations, stored: StoredJob) -> str:
    """An entry in one line."""
    job = stored.job
    return texts(
        "job-line",
        id=str(stored.id),
        day=formatting.format_day(texts, job.day),
        method=texts(f"method-{job.method}"),
        category=escape_name(format_label(job.category, SHORT_NAME_LENGTH)) or formatting.EMPTY_VALUE,
        reward=formatting.format_yen(texts, job.reward),
        count=f" ×{formatting.format_count(texts, job.count)}" if job.count > 1 else "",
        mark="✅" if job.outcome is JobOutcome.COMPLETED else "❌",
        evaluation=job_evaluation_text(texts, job.evaluation),
        withheld=f" · {texts('job-withheld')}" if job.withheld else "",
        client=f" · {escape_name(format_label(job.client, SHORT_NAME_LENGTH))}" if job.client else "",
    )


def job_label(texts: Translations, stored: StoredJob) -> str:
    """An entry as the label of an option."""
    job = stored.job
    day, reward = formatting.format_day(texts, job.day), formatting.format_yen(texts, job.reward)
    label = f"#{stored.id} {day} {texts(f'method-{job.method}')} {job.category} {reward} ×{job.count}"
    return format_label(f"{label} {job.client or ''}")


def job_card(texts: Translations, stored: StoredJob, change: str) -> Card:
    """An entry that was added, edited or removed: `change` says which."""
    if change == "removed":
        return build_card([text_block(texts("job-removed"), job_line(texts, stored))], MUTED)
    return build_card([text_block(texts(f"job-{change}"), job_line(texts, stored), texts("job-before-fees"))], SUCCESS)


def repeated_job_card(texts: Translations, stored: StoredJob) -> Card:
    """The same job had been added minutes before: whether this is another one."""
    return build_card(
        [
            text_block(texts("job-repeated"), job_line(texts, stored)),
            action_row(texts, Target.JOB, stored.id, [Action.ADD_AGAIN]),
        ],
        MUTED,
    )


def jobs_card(texts: Translations, page: JobsPage) -> Card:
    """A page of the list."""
    if not page.total:
        return build_card([text_block(texts("job-none"))])
    return build_card(_jobs_page_parts(texts, page), INFO)


def _jobs_page_parts(texts: Translations, page: JobsPage) -> Iterator[LayoutItem]:
    yield text_block(texts("job-title", count=page.total), *(job_line(texts, stored) for stored in page.entries))
    yield from pagination_items(texts, Target.JOBS, page.page, page.pages)
