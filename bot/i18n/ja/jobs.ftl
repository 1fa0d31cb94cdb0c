# メンバーが登録する仕事。

job-added = ✅ 登録しました:
job-edited = ✏️ 訂正しました:
job-removed = 🗑️ 削除しました:
job-none = まだ仕事が登録されていません。`/job add` で登録するか、CSV を `/import` で取り込んでください。報酬は、手数料を引く前の契約金額です。
job-before-fees = -# 報酬は、手数料を引く前の契約金額で数えます。
job-title = **仕事 { $count }件**
job-line = `#{ $id }` { $day } { $method } · { $category } · { $reward }{ $count } { $mark } { $evaluation }{ $client }

evaluation-none = –
evaluation-satisfied = 満足
evaluation-dissatisfied = 残念

jobs-gone = この仕事は見つかりません。削除されたか、ほかの方のものです。何も変わっていません。`/job list` でご確認ください。
jobs-future = { $day } は未来の日付のため、登録していません。仕事が終わった日を書いてください。
jobs-number = 「{ $written }」という登録はありません。何も変わっていません。候補から選ぶか、`/job list` の番号を書いてください。

day-unreadable = 「{ $written }」を日付として読めません。例: 2026/11/22、11/22、昨日
job-repeated = **すでに追加済みです。** 二重には数えていません。同じ内容の仕事がもう1件あるときは、下のボタンで追加してください。
day-range = { $day } は、Lancers の開始（2008年）より前か、未来の日付です。
