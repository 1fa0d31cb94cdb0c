# メンバーが登録する仕事。

job-added = ✅ 登録しました:
job-edited = ✏️ 訂正しました:
job-removed = 🗑️ 削除しました:
job-none = まだ仕事が登録されていません。`/job add` で登録するか、CSV を `/import` で取り込んでください。報酬は、手数料を引く前の契約金額です。
job-before-fees = -# 報酬は、手数料を引く前の契約金額で数えます。
job-title = **仕事 { $count }件**
job-line = `#{ $id }` { $day } { $method } · { $category } · { $reward }{ $count } { $mark } { $evaluation }{ $withheld }{ $client }

evaluation-none = –
evaluation-satisfied = 満足
evaluation-dissatisfied = 残念

jobs-gone = この仕事は見つかりません。すでに削除されたか、番号が違います。何も変わっていません。`/job list` でご確認ください。
jobs-future = { $day } は未来の日付のため、登録していません。仕事が終わった日を書いてください。
jobs-edit-nothing = 何を訂正しますか？ 何も変わっていません。`報酬` や `日付` など、訂正する項目も指定してください。
jobs-number = 「{ $written }」という登録はありません。何も変わっていません。候補から選ぶか、`/job list` の番号を書いてください。

day-unreadable = 「{ $written }」を日付として読めません。例: 2026/11/22、11/22、昨日
job-repeated = **すでに追加済みです。** 二重には数えていません。同じ内容の仕事がもう1件あるときは、下のボタンで追加してください。
day-year-missing = { $understood } はこれからの日です。年も書いてください。例: { $proposed }
day-range = { $day } は、ランサーズの開始（2008年）より前か、未来の日付です。
job-withheld = 源泉徴収あり

totals-title = ## { $year }年の手取り **{ $amount }**
totals-sums = 契約金額（税込）**{ $total }** − システム手数料 **{ $fee }** − 源泉徴収 **{ $withheld }**
totals-month = { $month }月 { $jobs }件 { $total } − { $fee }{ $withheld } ＝ **{ $kept }** { $confidence }
totals-year = { $year }年 { $jobs }件 { $total } − { $fee }{ $withheld } ＝ **{ $kept }** { $confidence }
totals-withheld = { " " }− { $amount }
totals-columns = 契約金額（税込）− システム手数料 − 源泉徴収 ＝ 手取り
totals-confidence = （{ $confidence }）
totals-note-fees = 完了した仕事の日（東京）と依頼方式の料率による見積もりです。ランサーズの明細と比べてください。指名料と出金の手数料は含みません。
totals-note-tax = 報酬を{ $tax }の契約金額として計算しています（推定）。違うときは `消費税` で選べます。
totals-note-withheld = 源泉徴収は、`/job add` か `/job edit` で「源泉徴収あり」とした仕事だけの概算です。
totals-note-deleted = { $day } より前の仕事は削除され、合計に入りません。ずっと残すには: `/settings 古い記録:True`
totals-none-of-year = { $year }年に完了した仕事はありません。
totals-none = 完了した仕事がありません。`/job add` で登録してください。
totals-csv-year = 年
totals-csv-month = 月
totals-csv-whole-year = 年計
totals-csv-jobs = 件数
totals-csv-contract-total = 契約金額（税込）
totals-csv-consumption-tax = うち消費税
totals-csv-system-fee = システム手数料（見積もり）
totals-csv-withheld = 源泉徴収税額（概算）
totals-csv-take-home = 手取り
totals-csv-confidence = 手数料の根拠
