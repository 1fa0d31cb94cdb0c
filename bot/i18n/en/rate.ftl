# The reply rate: whether it is estimated, and whether it is a criterion.

rate-estimated = {" "}(estimated)
rate-estimated-between = {" "}(estimated, { $worst } to { $best })
rate-published = A published figure (not a criterion since 2024)
forecast-estimated = An estimate that counts replies that are not recorded: the likely case is shown.
rate-change = { $before } → { $after }{ $estimate }
rate-unchanged = stays { $before }{ $estimate }
rate-margin-likely = { $margin } (in the likely case)
rate-margin-change = , late replies allowed { $slack } → { $left }
