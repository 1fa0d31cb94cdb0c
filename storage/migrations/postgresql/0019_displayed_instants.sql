-- The year that a displayed reply rate is of: the replies from the first instant on and before the second.
ALTER TABLE calibrations ADD COLUMN counted_from BIGINT NOT NULL DEFAULT 0;
ALTER TABLE calibrations ADD COLUMN counted_until BIGINT NOT NULL DEFAULT 0;
-- So far a rate was displayed at the end of its day in Tokyo.
UPDATE calibrations SET
    counted_from = (CAST(extract(epoch FROM CAST(shown_on AS date) + 1 - interval '1 year') AS BIGINT) - 9 * 3600) * 1000000,
    counted_until = (CAST(extract(epoch FROM CAST(shown_on AS date) + 1) AS BIGINT) - 9 * 3600) * 1000000;
