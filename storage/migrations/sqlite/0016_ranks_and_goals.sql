-- The rank that a member declares, and the rank of which the last digest knew.
ALTER TABLE members ADD COLUMN rank TEXT CHECK (rank IN ('none', 'regular', 'bronze', 'silver', 'certified'));
ALTER TABLE members ADD COLUMN rank_on TEXT;
ALTER TABLE members ADD COLUMN digest_rank TEXT
    CHECK (digest_rank IN ('none', 'regular', 'bronze', 'silver', 'certified'));

-- A member may have a goal for each category.
CREATE TABLE goals_anew (
    member_id INTEGER NOT NULL REFERENCES members ON DELETE CASCADE,
    category TEXT NOT NULL,
    line INTEGER NOT NULL CHECK (line >= 1),
    source TEXT,
    set_on TEXT NOT NULL,
    PRIMARY KEY (member_id, category)
) STRICT, WITHOUT ROWID;
INSERT INTO goals_anew SELECT * FROM goals;
DROP TABLE goals;
ALTER TABLE goals_anew RENAME TO goals;

-- Jobs may be paid by the month, or be packages.
CREATE TABLE jobs_anew (
    -- Never used again: buttons name it.
    job_id INTEGER PRIMARY KEY AUTOINCREMENT,
    member_id INTEGER NOT NULL REFERENCES members ON DELETE CASCADE,
    day TEXT NOT NULL,
    method TEXT NOT NULL CHECK (method IN ('project', 'hourly', 'monthly', 'package', 'task', 'contest')),
    category TEXT NOT NULL,
    reward INTEGER NOT NULL CHECK (reward >= 0),
    outcome TEXT NOT NULL CHECK (outcome IN ('completed', 'not_completed')),
    -- Tenths of stars, and what they were converted to; only the latter since 2022-02; neither: not evaluated.
    stars INTEGER CHECK (stars BETWEEN 10 AND 50),
    satisfied INTEGER CHECK (satisfied IN (0, 1)),
    client TEXT,
    count INTEGER NOT NULL CHECK (count >= 1),
    added_at INTEGER,
    UNIQUE (member_id, job_id)
) STRICT;
INSERT INTO jobs_anew SELECT * FROM jobs;
-- The last number that was given away, also where its job was removed.
DELETE FROM sqlite_sequence WHERE name = 'jobs_anew';
INSERT INTO sqlite_sequence (name, seq) SELECT 'jobs_anew', seq FROM sqlite_sequence WHERE name = 'jobs';
DROP TABLE jobs;
ALTER TABLE jobs_anew RENAME TO jobs;
CREATE INDEX jobs_of_year ON jobs (member_id, day);
