"""The member's jobs."""

from collections.abc import Iterator

from discord import ui

from bot.discord_app.ui.components import Target, pagination_buttons
from bot.discord_app.ui.formatting import SHORT_NAME_LENGTH, escape, truncate_label
from bot.discord_app.ui.layout import INFO, MUTED, SUCCESS, LayoutItem, build_card, row, text
from bot.domain.certification.jobs import Evaluation, JobOutcome
from bot.i18n import formatting
from bot.i18n.translations import Translations
from bot.services.jobs import JobsPage
from storage.jobs import StoredJob


def evaluation_text(texts: Translations, evaluation: Evaluation | None) -> str:
    """★4.8, satisfied, or nothing."""
    if evaluation is None:
        return texts("evaluation-none")
    if evaluation.tenths is None:
        return texts("evaluation-satisfied" if evaluation.satisfied else "evaluation-dissatisfied")
    return f"★{evaluation.tenths // 10}.{evaluation.tenths % 10}"


def job_line(texts: Translations, stored: StoredJob) -> str:
    """One entry in a line."""
    job = stored.job
    return texts(
        "job-line",
        id=str(stored.id),
        day=formatting.format_day(texts, job.day),
        method=texts(f"method-{job.method}"),
        category=escape(truncate_label(job.category, SHORT_NAME_LENGTH)) or "–",
        reward=formatting.format_yen(texts, job.reward),
        count=f" ×{formatting.format_count(texts, job.count)}" if job.count > 1 else "",
        mark="✅" if job.outcome is JobOutcome.COMPLETED else "❌",
        evaluation=evaluation_text(texts, job.evaluation),
        client=f" · {escape(truncate_label(job.client, SHORT_NAME_LENGTH))}" if job.client else "",
    )


def job_label(texts: Translations, stored: StoredJob) -> str:
    """The same for an option."""
    job = stored.job
    day, reward = formatting.format_day(texts, job.day), formatting.format_yen(texts, job.reward)
    words = f"#{stored.id} {day} {texts(f'method-{job.method}')} {job.category} {reward} ×{job.count}"
    return truncate_label(f"{words} {job.client or ''}", 100)


def job_card(texts: Translations, stored: StoredJob, action: str) -> ui.LayoutView:
    """An entry that was added, edited or removed."""
    return build_card(
        [text(texts(f"job-{action}"), job_line(texts, stored))], MUTED if action == "removed" else SUCCESS
    )


def jobs_card(texts: Translations, page: JobsPage) -> ui.LayoutView:
    """The list."""
    if not page.total:
        return build_card([text(texts("job-none"))])
    return build_card(_list(texts, page), INFO)


def _list(texts: Translations, page: JobsPage) -> Iterator[LayoutItem]:
    yield text(texts("job-title", count=page.total), *(job_line(texts, each) for each in page.entries))
    if page.pages > 1:
        yield text(texts("pagination-of", page=str(page.page + 1), pages=str(page.pages)))
        yield row(*pagination_buttons(texts, Target.JOBS, page.page, page.pages))
