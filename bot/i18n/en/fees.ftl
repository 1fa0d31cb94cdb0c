# Amounts, the lines of an estimate, and notes on them.

fee-title = **{ $contract }** contract ({ $tax } tax included)
fee-client-side = The client pays **{ $amount }**
fee-member-side = You keep **{ $amount }**
fee-line = { $name }: { $amount } — { $rule } ({ $confidence })
fee-note = ※ { $note }
fee-target = For { $target } the smallest contract is **{ $contract }**{ $exact ->
    [yes] { "." }
   *[no] , which gives { $gives }. Nearest: { $below } / { $above }.
}
fee-one-amount = Give one of the three: an amount, what you want to keep, or what the client pays. For example `/fee amount:50,000`.
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
fee-rule-contract-excluded = the amount as asked
fee-rule-consumption-tax-8 = 8 %, truncated
fee-rule-consumption-tax-10 = 10 %, truncated
fee-rule-client-fee = 5 % of the total, truncated
fee-rule-client-fee-tax = 10 % of the client fee, truncated
fee-rule-compensation = 2 % of the total, truncated
fee-rule-system-fee-tiers = 20 % to ¥100,000, 10 % to ¥200,000, 5 % of the rest
fee-rule-system-fee-flat = 15 % of the total, plus consumption tax on the fee
fee-rule-nomination-fee = the higher of 0.3 % of the total and ¥50
fee-rule-withholding = 10.21 % of the amount without tax, 20.42 % of what passes ¥1,000,000

amount-unreadable = I cannot read "{ $written }" as an amount. Write whole yen, for example 50,000 or 5万.
amount-vague = “{ $written }” is not one amount. Write an exact one, for example 50,000.
amount-tax-excluded = “{ $written }” is without tax. Choose so with `tax`, and write the amount alone, for example 50,000.
amount-grouping = The commas in "{ $written }" are not where thousands end. Write for example 50,000.
amount-fraction = "{ $written }" is not whole yen. Write for example 50,000 or 1.5万.
amount-range = "{ $written }" is not between 1 and 1,000,000,000 yen.

note-system-fee-assumed = The system fee before 2016-08-04 is assumed to have had the same tiers.
note-client-fee-none-known = No client fee is known before 2022-10-01.
note-nomination-end = The nomination fee is assumed to have ended with the compensation on 2017-12-31; edition 2016 counts it all the same.
note-compensation-waived = The client's compensation charge of 2 % is waived, as in the campaign; officially it ended on 2017-12-31.
note-compensation-charged = The client's compensation charge officially ended on 2017-12-31.
note-programme-none = This edition knows no nomination fee and no compensation for certified members.
note-programme-project-only = Nomination fee and compensation are for fixed-price projects only.
note-compensation-not-applied = The compensation charge does not apply here: it is for certified members' fixed-price projects in edition 2016.
note-withholding-estimate = The withholding tax is an estimate; only corporate clients withhold it.
note-payout = A payout costs another ¥500 (Rakuten Bank ¥100; undated).
