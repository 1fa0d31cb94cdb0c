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
