-- The rank that a member declares, and the rank of which the last digest knew.
ALTER TABLE members ADD COLUMN rank TEXT CHECK (rank IN ('none', 'regular', 'bronze', 'silver', 'certified'));
ALTER TABLE members ADD COLUMN rank_on TEXT COLLATE "C";
ALTER TABLE members ADD COLUMN digest_rank TEXT
    CHECK (digest_rank IN ('none', 'regular', 'bronze', 'silver', 'certified'));

-- A member may have a goal for each category.
ALTER TABLE goals DROP CONSTRAINT goals_pkey;
ALTER TABLE goals ALTER COLUMN category TYPE TEXT COLLATE "C";
ALTER TABLE goals ADD PRIMARY KEY (member_id, category);
