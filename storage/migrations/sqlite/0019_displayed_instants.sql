-- The year that a displayed reply rate is of: the replies from the first instant on and before the second.
ALTER TABLE calibrations ADD COLUMN counted_from INTEGER NOT NULL DEFAULT 0;
ALTER TABLE calibrations ADD COLUMN counted_until INTEGER NOT NULL DEFAULT 0;
-- So far a rate was displayed at the end of its day in Tokyo. A year before 29 February is 28 February.
UPDATE calibrations SET
    counted_from = 1000000 * (
        CASE strftime('%m-%d', shown_on, '+1 day')
            WHEN '02-29' THEN CAST(strftime('%s', shown_on, '-1 year') AS INTEGER)
            ELSE CAST(strftime('%s', shown_on, '+1 day', '-1 year') AS INTEGER)
        END - 9 * 3600
    ),
    counted_until = 1000000 * (CAST(strftime('%s', shown_on, '+1 day') AS INTEGER) - 9 * 3600);
