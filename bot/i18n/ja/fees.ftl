# 金額、見積もりの行、添え書き。

fee-title = 契約金額 **{ $contract }**（うち消費税 { $tax }）
fee-client-side = クライアントの支払額 **{ $amount }**
fee-member-side = 受取額 **{ $amount }**
fee-line = { $name }: { $amount } — { $rule }（{ $confidence }）
fee-note = ※ { $note }
fee-target = { $target } に必要な最小の契約金額は **{ $contract }** です{ $exact ->
    [yes] { "。" }
   *[no] （{ $gives }）。前後の額: { $below } / { $above }
}
fee-one-amount = 契約金額、受取額、クライアントの支払額のうち、どれか1つを入力してください。例: `/fee amount:50,000`
fee-name-contract-excluding-tax = 契約金額（税抜）
fee-name-consumption-tax = 消費税
fee-name-contract-total = 契約金額（税込）
fee-name-client-fee = 発注手数料
fee-name-client-fee-tax = 発注手数料の消費税
fee-name-compensation = 認定ランサー補償
fee-name-client-pays = クライアントの支払額
fee-name-system-fee = システム手数料
fee-name-nomination-fee = 認定ランサー指名料
fee-name-withholding = 源泉徴収
fee-name-take-home = 受取額
fee-rule-contract-included = 金額から消費税を引いた額
fee-rule-contract-excluded = 入力した金額
fee-rule-consumption-tax-8 = 8 %、切り捨て
fee-rule-consumption-tax-10 = 10 %、切り捨て
fee-rule-client-fee = 税込金額の 5 %、切り捨て
fee-rule-client-fee-tax = 発注手数料の 10 %、切り捨て
fee-rule-compensation = 税込金額の 2 %、切り捨て
fee-rule-system-fee-tiers = 10万円まで 20 %、20万円まで 10 %、それ以上 5 %
fee-rule-system-fee-flat = 税込金額の 15 % と、その消費税
fee-rule-nomination-fee = 税込金額の 0.3 %（最低 50 円）
fee-rule-withholding = 税抜金額の 10.21 %、100万円を超える分は 20.42 %

amount-unreadable = 「{ $written }」を金額として読めません。円単位の整数で書いてください。例: 50,000、5万
amount-vague = 「{ $written }」は金額が1つに決まりません。はっきりした金額を書いてください。例: 50,000、5万
amount-tax-excluded = 「{ $written }」は税抜の金額です。`tax` で「税抜」を選び、金額だけを書いてください。例: 50,000
amount-grouping = 「{ $written }」のコンマの位置が正しくありません。例: 50,000
amount-fraction = 「{ $written }」は1円未満の端数になります。例: 50,000、1.5万
amount-range = 「{ $written }」は 1 円から 1,000,000,000 円の範囲にありません。

note-system-fee-assumed = 2016-08-04 より前のシステム手数料は、同じ料率と推定しています。
note-client-fee-none-known = 2022-10-01 より前の発注手数料は知られていません。
note-nomination-end = 指名料は補償とともに 2017-12-31 で終了したと推定されますが、2016 年版では計上します。
note-compensation-waived = 認定ランサー補償 2 % はキャンペーンで無料としています（公式には 2017-12-31 で終了）。
note-compensation-charged = 認定ランサー補償は公式には 2017-12-31 で終了しています。
note-programme-none = この版には、認定ランサーの指名料・補償はありません。
note-programme-project-only = 指名料と補償はプロジェクト（固定報酬）だけが対象です。
note-compensation-not-applied = 補償は適用されません。2016 年版で、認定ランサーのプロジェクト（固定報酬）だけが対象です。
note-withholding-estimate = 源泉徴収は概算です。法人クライアントが徴収する場合だけ差し引かれます。
note-payout = 出金には別途 500 円（楽天銀行は 100 円、時期不明）かかります。
