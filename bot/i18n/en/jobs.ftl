# Jobs that the member enters.

job-added = ✅ Added:
job-edited = ✏️ Corrected:
job-removed = 🗑️ Removed:
job-none = No jobs are recorded yet. Add one with `/job add`, or import a CSV with `/import`. A reward is the contract amount before fees.
job-before-fees = -# Rewards count as contract amounts before fees.
job-title = **{ $count ->
    [one] One job
   *[other] { $count } jobs
}**
job-line = `#{ $id }` { $day } { $method } · { $category } · { $reward }{ $count } { $mark } { $evaluation }{ $withheld }{ $client }

evaluation-none = –
evaluation-satisfied = satisfied (満足)
evaluation-dissatisfied = dissatisfied (残念)

jobs-gone = This job is not there: it was removed, or has another number. Nothing was changed; see `/job list`.
jobs-future = { $day } is in the future, so the job was not added. Give the day on which it ended.
jobs-edit-nothing = What should be corrected? Nothing was changed. Give what is to change as well, such as `reward` or `date`.
jobs-number = "{ $written }" is not one of your jobs; nothing was changed. Choose one from the list, or write its number from `/job list`.

day-unreadable = I cannot read "{ $written }" as a day. Write for example 2026/11/22, 11/22 or yesterday.
job-repeated = **Added a few minutes ago;** nothing was counted twice. If this is another job with the same figures, add it with the button below.
day-year-missing = { $understood } is still to come. Write the year, too, for example { $proposed }.
day-range = { $day } is before Lancers began (2008), or in the future.
job-withheld = tax withheld

totals-title = ## { $year }: you keep **{ $amount }**
totals-sums = Contracts with tax **{ $total }** − system fees **{ $fee }** − withheld **{ $withheld }**
totals-month = { $month }: { $jobs ->
    [one] 1 job
   *[other] { $jobs } jobs
}, { $total } − { $fee }{ $withheld } = **{ $kept }** { $confidence }
totals-year = { $year }: { $jobs ->
    [one] 1 job
   *[other] { $jobs } jobs
}, { $total } − { $fee }{ $withheld } = **{ $kept }** { $confidence }
totals-withheld = { " " }− { $amount }
totals-columns = contracts with tax − system fees − tax withheld = you keep
totals-confidence = ({ $confidence })
totals-note-fees = An estimate by the rates of the day (Tokyo) and the method of every completed job. Compare it with Lancers' statements. Nomination and payout fees are not in it.
totals-note-tax = Rewards are taken for contract amounts, { $tax } (assumed). If they are not, choose with `tax`.
totals-note-withheld = Tax withheld is an estimate, and only of jobs that you entered with `withholding` in `/job add` or `/job edit`.
totals-note-deleted = Jobs before { $day } are deleted, and are in no sum. To keep jobs for good: `/settings keep_old:True`
totals-none-of-year = No job was completed in { $year }.
totals-none = There are no completed jobs. Enter one with `/job add`.
totals-csv-year = year
totals-csv-month = month
totals-csv-whole-year = whole year
totals-csv-jobs = jobs
totals-csv-contract-total = contracts with tax
totals-csv-consumption-tax = consumption tax in it
totals-csv-system-fee = system fees (estimate)
totals-csv-withheld = tax withheld (estimate)
totals-csv-take-home = take-home
totals-csv-confidence = basis of the fees
