-- Indexes of the few rows that queries need among all that a member has collected over the years.

-- The windows that wait, by deadline: with the column, so that SQLite counts them without reading the rows. Those that
-- are open, or closed lately; and those that were dismissed last.
DROP INDEX windows_waiting;
CREATE INDEX windows_by_deadline ON windows (member_id, dismissed, oldest_at);
CREATE INDEX windows_by_opening ON windows (member_id, reminds_from) WHERE dismissed = 0;
CREATE INDEX windows_dismissed ON windows (member_id, newest_at) WHERE dismissed = 1;

CREATE INDEX threads_under_contract ON threads (member_id, thread_id) WHERE contract_at IS NOT NULL;
CREATE INDEX threads_elsewhere ON threads (member_id, thread_id) WHERE site <> 'lancers';

-- The cards that ask a question, and those that are being compared with the record.
CREATE INDEX cards_asking ON cards (member_id, draft_id) WHERE draft_id IS NOT NULL;
CREATE INDEX cards_claimed ON cards (claimed_until) WHERE claimed_until IS NOT NULL;
