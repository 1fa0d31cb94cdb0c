# Jobs that the member enters.

job-added = ✅ Entered:
job-edited = ✏️ Put right:
job-removed = 🗑️ Taken out:
job-none = No jobs are entered yet. Enter one with `/job add`, or hand in a CSV with `/import`. A reward is the contract amount before fees.
job-before-fees = -# Rewards count as contract amounts before fees.
job-title = **Jobs: { $count ->
    [one] one entry
   *[other] { $count } entries
}**
job-line = `#{ $id }` { $day } { $method } · { $category } · { $reward }{ $count } { $mark } { $evaluation }{ $client }

evaluation-none = –
evaluation-satisfied = satisfied (満足)
evaluation-dissatisfied = dissatisfied (残念)

jobs-gone = This entry is not there (any more), or is somebody else's. Nothing was changed; see `/job list`.
jobs-future = { $day } lies in the future, so the job was not entered. Give the day on which it ended.
jobs-number = "{ $written }" is no entry; nothing was changed. Choose one from the list, or write its number from `/job list`.

day-unreadable = I cannot read "{ $written }" as a day. Write for example 2026/11/22, 11/22 or yesterday.
job-repeated = **Added a few minutes ago;** nothing was counted twice. If this is another job with the same figures, add it with the button below.
day-range = { $day } is before Lancers began (2008), or in the future.
