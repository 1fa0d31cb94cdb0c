"""The pages of /pending: every window on one of them, what is overdue for long behind all others."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from bot.services.pending import PAGE_SIZE, PageLayout, paginate_pending
from storage.waiting_threads import WaitingCounts

COUNTS = st.integers(0, 3 * PAGE_SIZE)


@given(recent=COUNTS, overdue=COUNTS, long_overdue=COUNTS)
def test_each_window_is_on_one_page(recent: int, overdue: int, long_overdue: int) -> None:
    total = recent + overdue + long_overdue
    counts = WaitingCounts(overdue=overdue + long_overdue, closing=overdue, total=total)
    pages: Sequence[PageLayout] = [paginate_pending(counts, page) for page in range(paginate_pending(counts, 0).pages)]
    assert [number for page in pages for number in range(page.offset, page.offset + page.size)] == list(range(total))
    assert all(page.size <= PAGE_SIZE and page.page == number for number, page in enumerate(pages))
    assert sum(page.size for page in pages[pages[0].long_overdue_page :]) == long_overdue
    assert paginate_pending(counts, 10**18) == paginate_pending(counts, len(pages)) == pages[-1]
    assert paginate_pending(counts, -1) == pages[0]
