-- Monthly work and packages are methods of their own, and a job says whether a corporate client withheld income tax.
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
    withheld INTEGER NOT NULL DEFAULT 0 CHECK (withheld IN (0, 1)),
    UNIQUE (member_id, job_id)
) STRICT;
INSERT INTO jobs_anew (
    job_id, member_id, day, method, category, reward, outcome, stars, satisfied, client, count, added_at
)
SELECT job_id, member_id, day, method, category, reward, outcome, stars, satisfied, client, count, added_at FROM jobs;
DELETE FROM sqlite_sequence WHERE name = 'jobs_anew';
INSERT INTO sqlite_sequence (name, seq) SELECT 'jobs_anew', seq FROM sqlite_sequence WHERE name = 'jobs';
DROP TABLE jobs;
ALTER TABLE jobs_anew RENAME TO jobs;

CREATE INDEX jobs_of_year ON jobs (member_id, day);
