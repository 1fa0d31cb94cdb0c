# Amounts, the lines of an estimate, and notes on them.

fee-headline = You keep **{ $amount }**{ $nomination ->
    [none] { "" }
   *[other] { " " }(incl. { $nomination } nomination fee)
}
fee-title = ## { $headline }
fee-total = { $name } **{ $amount }**
fee-basis = { $contract } · { $method } · { $on } · { $schedule } · rules of { $edition }
fee-contract = Contract { $amount } ({ $tax })
fee-contract-hours = { $hours } h × { $rate } = { $amount } ({ $tax }{ $cut ->
    [yes] , rounded down: assumed
   *[no] { "" }
})
fee-contract-count = { $contract } × { $count } (calculated for each piece: assumed)
fee-method = { $method }
fee-method-as-project = { $method } (as a project: assumed)
fee-schedule-since = fees since { $from }
fee-schedule-until = fees until { $until }
fee-schedule-between = fees of { $from } to { $until }
fee-client-side = The client pays **{ $amount }**
fee-line = { $name } **{ $amount }** { $rule }
fee-line-none = { $name } **¥0** { $note }
fee-part = { $phrase } ({ $confidence })
fee-part-separator = { ", " }
fee-note = Note: { $note }
fee-budget = Within a budget of { $target } the largest { $unit ->
    [hour] hourly rate
    [piece] price of a piece
   *[contract] contract
} is **{ $contract }** ({ $tax }); { $unit ->
    [hour] for { $quantity } h
    [piece] for { $quantity } pieces
   *[contract] with it
} the client pays { $gives }.
fee-budget-none = No contract fits a budget of { $target }.
fee-over-budget = None costs exactly { $target }; the smallest { $unit ->
    [hour] hourly rate
    [piece] price of a piece
   *[contract] contract
} that costs more is { $contract }: { $unit ->
    [hour] for { $quantity } h
    [piece] for { $quantity } pieces
   *[contract] with it
} the client pays { $gives }.
fee-over-budget-none = The smallest { $unit ->
    [hour] hourly rate, { $contract } for { $quantity } h,
    [piece] price of a piece, { $contract } for { $quantity } pieces,
   *[contract] contract, { $contract },
} costs the client { $gives }; the figures here are its. To stay within { $target }, take fewer pieces or hours.
fee-take-home = To keep { $target } the smallest { $unit ->
    [hour] hourly rate for { $quantity } h
    [piece] price of each of { $quantity } pieces
   *[contract] contract
} is **{ $contract }** ({ $tax }).
fee-inexact = No contract gives exactly that. Nearest: { $below } / { $above }
fee-one-amount = Give one of these: an amount, hours with an hourly rate, what you want to keep, or what the client pays. For example `/fee amount:50,000`.
fee-rate-missing = How much is it for an hour? Give both, for example 20 h × 3,000.
fee-hours-missing = How many hours is it? Give both, for example 20 h × 3,000.
fee-price-missing = How much is a piece? Give both, for example 50,000 × 3.
fee-factors = In "{ $written }" either number could be the price. Mark it, for example ¥500 × 300.
fee-hours = I cannot read "{ $written }" as hours. Write a number above 0, up to { $most }, for example 20 or 12.5.
fee-count = I cannot read "{ $written }" as a number of pieces. Write a whole number from 1 to { $most }, for example 3.
fee-target-excluded = "{ $written }" is without tax. Write what you want to keep, or what the client pays, with tax, for example 55,000.
fee-name-contract-excluding-tax = Contract without tax
fee-name-consumption-tax = Consumption tax
fee-name-contract-total = Contract with tax
fee-name-client-fee = Client fee
fee-name-client-fee-tax = Tax on the client fee
fee-name-compensation = Certified Lancer compensation
fee-name-client-pays = The client pays
fee-name-system-fee = System fee
fee-name-nomination-fee = Nomination fee
fee-name-withholding = Withholding tax
fee-name-take-home = You keep
fee-rule-contract-included = the amount less its consumption tax
fee-rule-contract-excluded = the amount as entered
fee-rule-consumption-tax-8 = 8 %
fee-rule-consumption-tax-10 = 10 %
fee-rule-client-fee = 5 % of the total
fee-rule-client-fee-hourly = 5 % of the amount without tax
fee-rule-client-fee-hourly-until-2022 = 3 % of the amount without tax
fee-rule-client-fee-discount = 3 % of the total, continuous client's discount
fee-rule-client-fee-discount-hourly = 3 % of the amount without tax, continuous client's discount
fee-rule-client-fee-tax = 10 % of the client fee
fee-rule-compensation = 2 % of the total
fee-rule-system-fee-tiers = of the total: 20 % to ¥100,000, 10 % to ¥200,000, 5 % of the rest
fee-rule-system-fee-flat = 15 % of the total, plus consumption tax on the fee
fee-rule-system-fee-flat-hourly = 15 % of the amount without tax, plus consumption tax on the fee
fee-rule-nomination-fee = the higher of 0.3 % of the total and ¥50, from Oct 7, 2015
fee-rule-withholding = 10.21 % of the amount without tax, 20.42 % of what exceeds ¥1,000,000
fee-base = base
fee-rounding = rounded down
fee-period-system-fee-as-project = as for projects
fee-period-system-fee-contradicted = as from Aug 4, 2016, one article says 20 % without tiers
fee-period-withholding-corporate = an estimate, only where a corporate client withholds
fee-period-client-fee-start-unknown = its first day is not known
fee-period-client-discount-end-unknown = since Nov 1, 2022, perhaps ended
fee-period-programme-not-begun = not begun on that day
fee-period-nomination-ended = ended on Dec 31, 2017
fee-period-compensation-ended = ended on Dec 31, 2017

amount-unreadable = I cannot read "{ $written }" as an amount. Write whole yen, for example 50,000 or 5万.
amount-vague = "{ $written }" is not one amount. Write an exact one, for example 50,000.
amount-tax-excluded = "{ $written }" is without tax. Write the amount alone here, for example 50,000.
amount-tax-contradiction = "{ $written }" is said to be with and without tax. Write one of the two, for example 50,000 plus tax.
amount-grouping = The commas in "{ $written }" are not where thousands end. Write for example 50,000.
amount-fraction = "{ $written }" is not whole yen. Write for example 50,000 or 1.5万.
amount-range = "{ $written }" is not between 1 and 1,000,000,000 yen.

note-system-fee-assumed = The system fee of that day and method is assumed to have had the tiers of projects.
note-system-fee-contradicted = The system fee before Aug 4, 2016 is assumed to have had the tiers from that day on; one article says 20 % without tiers.
note-client-fee-none-known = No client fee is known before Oct 1, 2022 (assumed).
note-method-as-project = Calculated as a fixed-price project: official for the rates from Oct 1, 2022, assumed for everything else.
note-count = The fees are calculated for one piece and multiplied (assumed). A contract that was searched for is of one piece; all other figures are of all pieces.
note-hours-truncated = Hours × hourly rate is rounded down to whole yen (assumed).
note-client-discount-none = The continuous client's discount does not apply: it began on Nov 1, 2022.
note-nomination-end = The nomination fee is assumed to have ended with the compensation on Dec 31, 2017; by the rules of 2016 it is counted.
note-compensation-waived = The compensation charge is waived, as in the campaign; officially it ended on Dec 31, 2017.
note-compensation-charged = The client's compensation charge officially ended on Dec 31, 2017.
note-programme-none = The rules of this year have no nomination fee; it is assumed to have ended on Dec 31, 2017.
note-programme-project-only = Nomination fee and compensation are for fixed-price projects only.
note-compensation-not-applied = The compensation charge does not apply here: it is for certified members' fixed-price projects by the rules of 2016.
note-withholding-estimate = The withholding tax is an estimate; only corporate clients withhold it.
note-payout = A payout costs another ¥500 (Rakuten Bank ¥100; date unknown).
