-- Monthly work and packages are methods of their own, and a job says whether a corporate client withheld income tax.
ALTER TABLE jobs DROP CONSTRAINT jobs_method_check;
ALTER TABLE jobs ADD CONSTRAINT jobs_method_check
    CHECK (method IN ('project', 'hourly', 'monthly', 'package', 'task', 'contest'));
ALTER TABLE jobs ADD COLUMN withheld BIGINT NOT NULL DEFAULT 0 CHECK (withheld IN (0, 1));
