-- What a typed line leaves open is asked: `asks` knows the words of these questions.
ALTER TABLE drafts DROP CONSTRAINT drafts_asks_check;
ALTER TABLE drafts ADD CONSTRAINT drafts_asks_check CHECK (asks IN (
    'time', 'thread', 'start', 'badge', 'trap',
    'event', 'client', 'new-client', 'moment', 'nothing-waits', 'dismissed-client', 'unclear'
));
