"""The member's jobs."""

from collections.abc import Iterator

from discord import ui

from bot.chat.cards.frame import CALM, GOOD, QUIET, Part, card, row, text
from bot.chat.controls import Of, turn_pages
from bot.chat.words import SHORT, plain, safe
from bot.domain.certification.jobs import Evaluation, JobOutcome
from bot.i18n import formatting
from bot.i18n.translations import Translations
from bot.services.jobs import JobsPage
from storage.jobs import StoredJob


def evaluation_text(texts: Translations, given: Evaluation | None) -> str:
    """★4.8, satisfied, or nothing."""
    if given is None:
        return texts("evaluation-none")
    if given.tenths is None:
        return texts("evaluation-satisfied" if given.satisfied else "evaluation-dissatisfied")
    return f"★{given.tenths // 10}.{given.tenths % 10}"


def job_line(texts: Translations, stored: StoredJob) -> str:
    """One entry in a line."""
    job = stored.job
    return texts(
        "job-line",
        id=str(stored.id),
        day=formatting.format_day(texts, job.day),
        method=texts(f"method-{job.method}"),
        category=safe(plain(job.category, SHORT)) or "–",
        reward=formatting.format_yen(texts, job.reward),
        count=f" ×{formatting.format_count(texts, job.count)}" if job.count > 1 else "",
        mark="✅" if job.outcome is JobOutcome.COMPLETED else "❌",
        evaluation=evaluation_text(texts, job.evaluation),
        client=f" · {safe(plain(job.client, SHORT))}" if job.client else "",
    )


def job_label(texts: Translations, stored: StoredJob) -> str:
    """The same for an option."""
    job = stored.job
    day, reward = formatting.format_day(texts, job.day), formatting.format_yen(texts, job.reward)
    words = f"#{stored.id} {day} {texts(f'method-{job.method}')} {job.category} {reward} ×{job.count}"
    return plain(f"{words} {job.client or ''}", 100)


def job_card(texts: Translations, stored: StoredJob, what: str) -> ui.LayoutView:
    """An entry that was added, edited or removed."""
    return card([text(texts(f"job-{what}"), job_line(texts, stored))], QUIET if what == "removed" else GOOD)


def jobs_card(texts: Translations, page: JobsPage) -> ui.LayoutView:
    """The list."""
    if not page.total:
        return card([text(texts("job-none"))])
    return card(_list(texts, page), CALM)


def _list(texts: Translations, page: JobsPage) -> Iterator[Part]:
    yield text(texts("job-title", count=page.total), *(job_line(texts, each) for each in page.entries))
    if page.pages > 1:
        yield text(texts("page-of", page=str(page.page + 1), pages=str(page.pages)))
        yield row(*turn_pages(texts, Of.JOBS, page.page, page.pages))
