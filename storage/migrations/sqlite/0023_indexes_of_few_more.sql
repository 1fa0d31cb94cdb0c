-- Late replies are few: counted by indexes of their own, the replies of a year need counting only once.
CREATE INDEX exchanges_late ON exchanges (member_id, on_time, replied_at) WHERE on_time = 0;
CREATE INDEX exchanges_late_by_newest ON exchanges (member_id, on_time_by_newest, replied_at)
    WHERE on_time_by_newest = 0;

-- The threads with a contact request, by id.
CREATE INDEX threads_of_contact_requests ON messages (member_id, kind, thread_id) WHERE kind = 'contact_request';
