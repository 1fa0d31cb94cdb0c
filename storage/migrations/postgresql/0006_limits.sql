-- A step that takes several transactions, an import or taking one back, bears this until it has ended.
ALTER TABLE changes ADD COLUMN under_way BIGINT NOT NULL DEFAULT 0 CHECK (under_way IN (0, 1));
CREATE INDEX changes_under_way ON changes (change_id) WHERE under_way = 1;

-- How many records a member made by hand on a day (a date in Tokyo): their limit is counted here, not by their rows.
ALTER TABLE members ADD COLUMN counted_on TEXT COLLATE "C";
ALTER TABLE members ADD COLUMN counted BIGINT NOT NULL DEFAULT 0;
