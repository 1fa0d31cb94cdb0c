# 金額、見積もりの行、添え書き。

fee-headline = 手取り **{ $amount }**{ $nomination ->
    [none] { "" }
   *[other] （うち認定ランサー指名料 { $nomination }）
}
fee-title = ## { $headline }
fee-total = { $name } **{ $amount }**
fee-basis = { $contract } · { $method } · { $on } · { $schedule } · 基準の年 { $edition }
fee-contract = 契約金額 { $amount }（{ $tax }）
fee-contract-hours = { $hours }時間 × { $rate } ＝ { $amount }（{ $tax }{ $cut ->
    [yes] 、1円未満切り捨て・推定
   *[no] { "" }
}）
fee-contract-count = { $contract } × { $count }件（1件ごとに計算・推定）
fee-method = { $method }
fee-method-as-project = { $method }（プロジェクトと同じ計算・推定）
fee-schedule-since = { $from } からの手数料
fee-schedule-until = { $until } までの手数料
fee-schedule-between = { $from } から { $until } までの手数料
fee-client-side = クライアントの支払い **{ $amount }**
fee-line = { $name } **{ $amount }** { $rule }
fee-line-none = { $name } **¥0** { $note }
fee-part = { $phrase }（{ $confidence }）
fee-part-separator = 、
fee-note = ※ { $note }
fee-budget = 予算 { $target } に収まる最大の契約金額は{ $unit ->
    [hour] 1時間 **{ $contract }**（{ $tax }）です。{ $quantity }時間で
    [piece] 1件 **{ $contract }**（{ $tax }）です。{ $quantity }件で
   *[contract] { " " }**{ $contract }**（{ $tax }）です。
}クライアントの支払いは { $gives } です。
fee-budget-none = 予算 { $target } に収まる契約はありません。
fee-over-budget = 支払いがちょうど { $target } になる契約はありません。予算を超える最小の契約金額は{ $unit ->
    [hour] 1時間 { $contract } で、{ $quantity }時間の
    [piece] 1件 { $contract } で、{ $quantity }件の
   *[contract] { " " }{ $contract } で、
}クライアントの支払いは { $gives } です。
fee-over-budget-none = 最小の契約金額は{ $unit ->
    [hour] 1時間 { $contract } で、{ $quantity }時間の
    [piece] 1件 { $contract } で、{ $quantity }件の
   *[contract] { " " }{ $contract } で、
}クライアントの支払いは { $gives } です（ここに出ているのはその数値です）。支払いが { $target } を超えないようにするには、件数か時間を減らしてください。
fee-take-home = 手取り { $target } に届く最小の契約金額は{ $unit ->
    [hour] 1時間 **{ $contract }**（{ $tax }、{ $quantity }時間）
    [piece] 1件 **{ $contract }**（{ $tax }、{ $quantity }件）
   *[contract] { " " }**{ $contract }**（{ $tax }）
}です。
fee-inexact = ちょうどの額になる契約はありません。前後の額: { $below } / { $above }
fee-one-amount = 契約金額、時間と1時間の額、手取り、クライアントの支払いのうち、どれか1つを入力してください。例: `/fee 契約金額:50,000`
fee-rate-missing = 1時間いくらですか？ 両方書いてください。例: 20時間×3,000円
fee-hours-missing = 何時間ですか？ 両方書いてください。例: 20時間×3,000円
fee-price-missing = 1件いくらですか？ 両方書いてください。例: 5万円×3
fee-factors = 「{ $written }」は、どちらが金額かわかりません。円をつけて書いてください。例: 500円×300
fee-hours = 「{ $written }」を時間数として読めません。0より大きく{ $most }までの数で書いてください。例: 20、12.5
fee-count = 「{ $written }」を件数として読めません。1から{ $most }までの整数で書いてください。例: 3
fee-target-excluded = 「{ $written }」は税抜の金額です。手取りとクライアントの支払いは税込の額で書いてください。例: 55,000
fee-name-contract-excluding-tax = 契約金額（税抜）
fee-name-consumption-tax = 消費税
fee-name-contract-total = 合計支払い金額（税込）
fee-name-client-fee = システム手数料（クライアント）
fee-name-client-fee-tax = その消費税
fee-name-compensation = 認定ランサー補償
fee-name-client-pays = クライアントの支払い
fee-name-system-fee = システム手数料
fee-name-nomination-fee = 認定ランサー指名料
fee-name-withholding = 源泉徴収
fee-name-take-home = 手取り
fee-rule-contract-included = 税込金額から消費税を引いた額
fee-rule-contract-excluded = 入力した金額
fee-rule-consumption-tax-8 = 8 %
fee-rule-consumption-tax-10 = 10 %
fee-rule-client-fee = 税込金額の5 %
fee-rule-client-fee-hourly = 税抜金額の5 %
fee-rule-client-fee-hourly-until-2022 = 税抜金額の3 %
fee-rule-client-fee-discount = 税込金額の3 %、継続割引
fee-rule-client-fee-discount-hourly = 税抜金額の3 %、継続割引
fee-rule-client-fee-tax = システム手数料（クライアント）の10 %
fee-rule-compensation = 税込金額の2 %
fee-rule-system-fee-tiers = 税込金額の10万円まで20 %、20万円まで10 %、それを超える分5 %
fee-rule-system-fee-flat = 税込金額の15 % と、その消費税
fee-rule-system-fee-flat-hourly = 税抜金額の15 % と、その消費税
fee-rule-nomination-fee = 税込金額の0.3 %、最低50円、2015/10/07 から
fee-rule-withholding = 税抜金額の10.21 %、100万円を超える分は20.42 %
fee-base = 基準額
fee-rounding = 端数切り捨て
fee-period-system-fee-as-project = プロジェクトと同じ料率
fee-period-system-fee-contradicted = 2016/08/04 からと同じ料率、一律20 % とする記事もあり
fee-period-withholding-corporate = 法人クライアントが徴収する場合だけの概算
fee-period-client-fee-start-unknown = 始まった日は不明
fee-period-client-discount-end-unknown = 2022/11/01 から、今も続いているかは不明
fee-period-programme-not-begun = この日にはまだない制度
fee-period-nomination-ended = 2017/12/31 で終了
fee-period-compensation-ended = 2017/12/31 で終了

amount-unreadable = 「{ $written }」を金額として読めません。円単位の整数で書いてください。例: 50,000、5万
amount-vague = 「{ $written }」は金額が1つに決まりません。はっきりした金額を書いてください。例: 50,000、5万
amount-tax-excluded = 「{ $written }」は税抜の金額です。ここでは金額だけを書いてください。例: 50,000
amount-tax-contradiction = 「{ $written }」には税込と税抜の両方があります。どちらかにしてください。例: 税抜50,000
amount-grouping = 「{ $written }」のコンマの位置が正しくありません。例: 50,000
amount-fraction = 「{ $written }」は1円未満の端数になります。例: 50,000、1.5万
amount-range = 「{ $written }」は1円から1,000,000,000円の範囲にありません。

note-system-fee-assumed = この依頼方式のこの日のシステム手数料は、プロジェクトと同じ料率と推定しています。
note-system-fee-contradicted = 2016/08/04 より前のシステム手数料は、その日からと同じ料率と推定しています。一律20 % とする記事もあります。
note-client-fee-none-known = 2022/10/01 より前のものは知られていません（推定）。
note-method-as-project = この依頼方式はプロジェクトと同じ計算です。2022/10/01 からの料率は公式、ほかは推定です。
note-count = 1件ごとに計算し、件数を掛けています（推定）。探した契約金額は1件分、ほかの額は全件分です。
note-hours-truncated = 時間 × 1時間の額の1円未満は切り捨てています（推定）。
note-client-discount-none = 継続割引は適用されません。2022/11/01 からの制度です。
note-nomination-end = 指名料は補償とともに 2017/12/31 で終了したと推定されますが、2016年の基準では計上します。
note-compensation-waived = 補償はキャンペーンで無料としています。公式には 2017/12/31 で終了しています。
note-compensation-charged = 認定ランサー補償は公式には 2017/12/31 で終了しています。
note-programme-none = この基準の年に指名料はありません。2017/12/31 で終了したと推定しています。
note-programme-project-only = 指名料と補償はプロジェクト（固定報酬）だけが対象です。
note-compensation-not-applied = 補償は適用されません。2016年の基準で、認定ランサーのプロジェクト（固定報酬）だけが対象です。
note-withholding-estimate = 源泉徴収は概算です。法人クライアントが徴収する場合だけ差し引かれます。
note-payout = 出金には別途500円（楽天銀行は100円、時期不明）かかります。
