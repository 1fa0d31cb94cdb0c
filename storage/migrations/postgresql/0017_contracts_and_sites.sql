-- What the member has said of a thread: since when its work is under contract, whether it is on another site than
-- Lancers (reminders, but no replies that count), and the path of its page on www.lancers.jp.
ALTER TABLE threads ADD COLUMN contract_at BIGINT;
ALTER TABLE threads ADD COLUMN site TEXT NOT NULL DEFAULT 'lancers' CHECK (site IN ('lancers', 'other'));
ALTER TABLE threads ADD COLUMN page TEXT;

-- These of the threads that a step changed, as they were before it.
CREATE TABLE changed_threads (
    member_id BIGINT NOT NULL,
    change_id BIGINT NOT NULL,
    thread_id BIGINT NOT NULL,
    contract_at BIGINT,
    site TEXT NOT NULL,
    page TEXT,
    PRIMARY KEY (member_id, change_id, thread_id),
    FOREIGN KEY (member_id, change_id) REFERENCES changes (member_id, change_id) ON DELETE CASCADE
);

-- Lancers asks for a message within 168 hours ('contact_request', received), and the member says that this was done
-- ('contacted', sent). Neither is a message that is replied to, or a reply.
ALTER TABLE messages DROP CONSTRAINT messages_kind_check;
ALTER TABLE messages ADD CONSTRAINT messages_kind_check
    CHECK (kind IN ('message', 'new_thread', 'dismissed', 'contact_request', 'contacted'));
CREATE INDEX contact_requests ON messages (member_id, sent_at) WHERE kind = 'contact_request';

-- Reminders of the threads under contract, and of these requests.
ALTER TABLE occurrences DROP CONSTRAINT occurrences_kind_check;
ALTER TABLE occurrences ADD CONSTRAINT occurrences_kind_check CHECK (kind IN (
    'lead', 'overnight', 'morning', 'snoozed', 'closed', 'unanswered', 'client_silent', 'contact_request'
));

-- A mail that says that a contract began, and one of another site: `asks` knows the words of these questions.
ALTER TABLE drafts DROP CONSTRAINT drafts_asks_check;
ALTER TABLE drafts ADD CONSTRAINT drafts_asks_check CHECK (asks IN (
    'time', 'thread', 'start', 'badge', 'trap', 'event', 'client', 'new-client', 'moment', 'nothing-waits',
    'dismissed-client', 'unclear', 'contact-request', 'contract', 'other-site'
));
ALTER TABLE drafts ADD COLUMN page TEXT;
