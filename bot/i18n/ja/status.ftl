# 状況: 概要、詳細、規則、見通し。

threshold-earnings = カテゴリ上位20 %、非公表
threshold-earnings-short = 上位20 %
threshold-last-login = 1か月以内
threshold-own = { $line }、自分の見積もり
threshold-own-category = { $category } { $line }、自分の見積もり
threshold-since = { $day } 以降

status-met = ✅
status-not-met = ❌
status-unknown = ❔
status-not-judged = ⏳
status-met-name = 達成
status-not-met-name = 未達成
status-unknown-name = 不明
status-not-judged-name = 件数が足りず判定なし
status-not-judged-estimate-name = 推定では判定できません
status-all-met = ✅ **すべて達成** — 次の審査 { $day }
status-all-met-assumed = ✅ **すべて達成** — 次の審査 { $day }ごろ
status-missing = **認定まであと{ $count }項目**: { $items }
status-keep = **認定の維持まであと{ $count }項目**: { $items }
status-unknown-only = **あと{ $count }項目わかれば判定できます**: { $items }
status-unknown-too = ほかに{ $count }項目わかれば判定できます: { $items }
status-unknown-replies = { $name }（返信があと{ $needed }件）
status-item-separator = 、
status-name-separator = ・
status-items-more = { $items }ほか{ $count }件
status-missing-profile = プロフィール { $filled }/{ $all }（{ $items }）
status-missing-reply-rate = { $name } { $value }（24時間以内の返信があと{ $needed }件）
status-missing-completion-rate = { $name } { $value }（完了があと{ $needed }件）
status-missing-task-approval = { $name } { $value }（承認があと{ $needed }件）
status-missing-satisfaction = { $name } { $value }（満足があと{ $needed }件）
status-missing-evaluation = { $name } { $value }（★5.0があと{ $needed }件）
status-missing-earnings = { $name } { $value }（あと{ $missing }）
status-missing-plain = { $name } { $value }（基準 { $line }）
status-risk-reply-rate = 余裕がいちばん少ないのは{ $name }です
status-risk-completion-rate = { $margin ->
    [0] ⚠️ いちばん余裕がないのは{ $name } { $value }: 次に完了しない仕事があると基準を下回ります
    [1] ⚠️ いちばん余裕がないのは{ $name } { $value }: 完了しない仕事はあと1件まで
   *[other] 余裕がいちばん少ないのは{ $name } { $value }: 完了しない仕事はあと{ $margin }件まで大丈夫です
}
status-risk-task-approval = { $margin ->
    [0] ⚠️ いちばん余裕がないのは{ $name } { $value }: 次に承認されないタスクがあると基準を下回ります
    [1] ⚠️ いちばん余裕がないのは{ $name } { $value }: 承認されないタスクはあと1件まで
   *[other] 余裕がいちばん少ないのは{ $name } { $value }: 承認されないタスクはあと{ $margin }件まで大丈夫です
}
status-risk-satisfaction = { $margin ->
    [0] ⚠️ いちばん余裕がないのは{ $name } { $value }: 次の「残念」で基準を下回ります
    [1] ⚠️ いちばん余裕がないのは{ $name } { $value }: 「残念」はあと1件まで
   *[other] 余裕がいちばん少ないのは{ $name } { $value }: 「残念」はあと{ $margin }件まで大丈夫です
}
status-risk-evaluation = { $margin ->
    [0] ⚠️ いちばん余裕がないのは{ $name } { $value }: 次に★4.0の評価があると基準を下回ります
    [1] ⚠️ いちばん余裕がないのは{ $name } { $value }: ★4.0の評価はあと1件まで
   *[other] 余裕がいちばん少ないのは{ $name } { $value }: ★4.0の評価はあと{ $margin }件まで大丈夫です
}
status-risk-earnings = { $margin ->
    [0] ⚠️ いちばん余裕がないのは{ $name } { $value }: 自分の見積もりちょうどです
    [1] ⚠️ いちばん余裕がないのは{ $name } { $value }: 自分の見積もりを { $yen } 上回っています
   *[other] 余裕がいちばん少ないのは{ $name } { $value }: 自分の見積もりを { $yen } 上回っています
}
status-risk-last-login = { $margin ->
    [0] ⚠️ いちばん余裕がないのは{ $name }（{ $value }）: 今日ログインしないと1か月を過ぎます
    [1] ⚠️ いちばん余裕がないのは{ $name }（{ $value }）: 明日までにログインしないと1か月を過ぎます
   *[other] 余裕がいちばん少ないのは{ $name }（{ $value }）: あと約{ $margin }日のうちにログインすれば大丈夫です
}
status-fill-line = - { $name }: { $note }
status-badge-held = 🏅 **認定ランサー**（{ $since } から）
status-badge-held-undated = 🏅 **認定ランサー**
status-badge-not-held = **認定バッジ: なし**
status-badge-unknown = **認定バッジ: 未設定** — `/settings` で教えてください
status-review = 判定: { $edition } · 次の審査 { $date }ごろ
status-criterion = { $mark } { $name }: { $value }（基準 { $line }）— { $status }
status-published = 📊
status-rate = { $mark } **返信率** { $rate }{ $estimate } — { $margin }
status-rate-slack = { $slack ->
    [0] 余裕なし（次に遅れると基準を下回ります）
   *[other] あと{ $slack }件までなら遅れても大丈夫です
}
status-rate-needed = 24時間以内の返信があと{ $needed }件必要です
status-rate-newest = 最新のメッセージから数えると { $rate }。どちらから数えるかは公表されていないため、最も古い未返信から数えています。
status-rate-none = この1年の返信はまだ記録されていません。クライアントのメッセージを転送すると始まります。
status-waiting = **返信待ち { $count }件**{ $overdue ->
    [0] {""}
   *[other] （うち期限切れ { $overdue }件）
}
status-waiting-conversations = **返信待ちのやり取り { $count }件**{ $overdue ->
    [0] {""}
   *[other] （うち期限切れ { $overdue }件）
}
status-waiting-line = { $mark } { $thread } { $counting }
status-waiting-none = 返信待ちはありません。
status-rules-title = **{ $edition }年の基準**
status-rule = **{ $name }** — 基準 { $line }。{ $known }
status-threshold-minimum = { $line } %、返信{ $minimum }件以上
status-review-set = 判定: { $edition } · 次の審査 { $date }

note-missing-completion-rate = 過去1年に該当する仕事が登録されていません: `/job add`
note-missing-task-approval = 仕事が登録されていません: `/job add`
note-missing-earnings = 過去1年にこのカテゴリの完了した仕事が登録されていません: `/job add`
note-missing-earnings-line = ラインは公表されていません。自分の見積もりを設定: `/goal`
note-missing-evaluation = 過去1年に星の評価がありません: `/job add`
note-missing-evaluation-ended = 星の評価は2022年2月で終わりました。ランサーズに表示されている評価を `/calibrate 評価:4.9` のように記録するか、`/settings` でいまの基準を選んでください。
note-missing-satisfaction = 過去1年に評価された仕事がありません: `/job add`
note-missing-profile = チェックリストを記入: `/profile`
note-missing-last-login = ランサーズに最後にログインした日を記入: `/profile`
note-missing-reply-rate = まだわかりません。クライアントのメッセージを転送してください。
note-estimate = { $estimate }{ $unseen ->
    [0] 記録にない返信は、推定ではすべて過去1年から外れました。{ $until } からは推定しません。
   *[other] 記録にない返信{ $unseen }件を含みます。{ $until } には、すべて過去1年から外れます。
}
note-estimate-not-judged = 最悪の場合と最良の場合で結果が分かれるため、推定では判定できません。いまの表示を `/calibrate` に記録すると、幅が狭まります。
note-displayed = { $day } のランサーズの表示です。その日までの仕事を含みます。
note-since-completion-rate = { $day } のランサーズの表示です。その後の記録: 仕事{ $jobs }件のうち完了{ $reached }件。
note-since-task-approval = { $day } のランサーズの表示です。その後の記録: タスク{ $jobs }件のうち承認{ $reached }件。
note-since-satisfaction = { $day } のランサーズの表示です。その後の記録: 評価{ $jobs }件のうち満足{ $reached }件。
note-since-evaluation = { $day } のランサーズの表示です。その後の記録: 評価{ $jobs }件、平均 { $stars }。
note-since-earnings = { $day } のランサーズの表示 { $displayed } に、その後の記録 { $since } を足した推定です。
note-displayed-not-judged = 基準に届いているのは片方だけのため、判定できません。いまの表示を `/calibrate` に記録してください。
note-displayed-partly-old = 表示の金額には、いまでは1年より前になった分が含まれる可能性があり、判定できません。いまの表示を `/calibrate` に記録してください。
note-displayed-categories = 複数のカテゴリを合わせた金額の可能性があるため、目標に届いているか判定できません。仕事を `/job add` で登録してください。
note-displayed-category = 表示された金額には、ほかのカテゴリの分も含まれているかもしれません。ここでは全額を「{ $category }」の分とみなしています。
note-displayed-unused = { $day } のランサーズの表示は { $value } です。仕事の記録が過去1年より前からあるため、ここでは記録だけで判定しています。抜けている仕事があれば追加してください: `/job add`
note-left-out-evaluation = 星のない{ $count }件は計算に入れていません。
note-left-out-satisfaction = 評価のない{ $count }件は計算に入れていません。
note-outdated-profile = ⏳ 最終確認は { $day } です。見直してください。
note-outdated-earnings = ⏳ ラインは { $day } のものです。見直してください。
note-outdated-displayed = ⏳ 表示の数値は { $day } のものです。見直してください。

detail-title = **すべての数値の規則と根拠（{ $edition }年の基準）**
detail-figure = ### { $name }: { $value }（基準 { $line }）— { $status }
detail-rule-reply-rate = 最も古い未返信から24時間以内の返信 ÷ 過去1年の返信。5件以上で判定されます。
detail-rule-completion-rate = 過去1年の、この基準で数える仕事のうち完了した割合。コンペは数えません。
detail-rule-task-approval = 過去1年のタスクのうち承認された割合。タスクがなければ判定されません。
detail-rule-earnings = 過去1年に完了した、目標カテゴリの仕事の報酬（コンペを含む）を、上位20 %ラインの自分の見積もりと比べます。
detail-rule-evaluation = 過去1年の星の平均。星のない仕事は数えません。
detail-rule-satisfaction = 過去1年の評価のうち満足の割合。星3.0以上は満足と数えます。
detail-rule-profile = 9項目すべての記入・認証。
detail-rule-profile-current = 9項目すべての記入・認証。自己紹介文は300文字以上、経歴資格は資格です。
detail-rule-last-login = 1か月以内のログイン。
detail-rows = { $count ->
    [0] _該当なし_
   *[other] _{ $count }件:_
}
detail-reputation = ### 24時間以内の返信率（この年の基準には入りません。公開される数値です）
detail-reply = { $mark } { $thread }: { $asked } → { $replied }（{ $span }）

forecast-card-title = **このまま何も起きない場合の、今後の審査日の返信率**
forecast-card-assumed = -# 審査日は公表されていないため、毎月1日と仮定しています（`/settings 審査日`）。
forecast-card-none = この1年の返信がまだ記録されていません。クライアントのメッセージを転送すると始まります。
forecast-card-line = `{ $day }` { $mark } **{ $rate }** ({ $counted })
forecast-card-leaves = { $day }: { $thread }（{ $replied } に返信）
