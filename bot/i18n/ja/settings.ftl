# メンバーの設定。

settings-title = **設定**

preference-line = { $name }: **{ $value }**
preference-none = なし
preference-timezone = タイムゾーン
preference-timezone-example = Asia/Tokyo
preference-locale = 言語
preference-edition = 基準の年
preference-badge = 認定バッジ
preference-lead-times = リマインド（期限の前）
preference-lead-times-example = 12h,4h,1h
preference-quiet-hours = おやすみ時間
preference-quiet-hours-example = 23:00-07:00
preference-locale-unknown = 「{ $written }」という言語はありません。設定は変わっていません。ja か en を選んでください。
preference-zone-unknown = 「{ $written }」というタイムゾーンはありません。設定は変わっていません。例: Asia/Tokyo、Europe/Berlin
preference-zone-several = 「{ $written }」に当てはまるタイムゾーンが複数あります。設定は変わっていません。次のように書いてください: { $zones }
preference-review-day-unreadable = 「{ $written }」は日として読めません。設定は変わっていません。1〜31の数を書いてください。わからなければ「なし」と書いてください。
preference-digest-unknown = 「{ $written }」という設定はありません。設定は変わっていません。off、monthly、weekly から選んでください。
preference-badge-since = 認定された日
preference-last-login = ランサーズへの最終ログイン
preference-unreadable = ⚠️ { $name }: 保存されている値「{ $written }」が読めないため、既定の設定を使っています。`/settings` で選び直してください。
fallback-member-permission = そのチャンネルにはあなたが書き込めないため、予備のチャンネルにできません。設定は変わっていません。書き込めるチャンネルを選んでください。
fallback-bot-permission = そのチャンネルにはボットが書き込めません。設定は変わっていません。別のチャンネルを選ぶか、ボットに閲覧と送信の権限を付けてください。
preference-review-day = ランサーズの審査日
preference-review-day-example = 1〜31。空欄: 不明
preference-rank = ランサーズに表示されているランク
preference-rank-unknown = 「{ $written }」というランクはありません。設定は変わっていません。一覧から選んでください。
preference-rank-on = ランクを申告した日
preference-digest = まとめ
preference-keep = 古い記録
preference-announcements = 運営者からのお知らせ
preference-fallback = 届かないときのチャンネル

locale-default = Discord と同じ
locale-ja = 日本語
locale-en = English

settings-edition-in-force = -# 今日の審査: { $edition }（利用者の記事）
edition-option-in-force = 今日の審査はこちら（利用者の記事）。{ $about }

badge-held = 認定済み（{ $since } から）
badge-unknown-choice = 未設定
badge-held-choice = 認定済み
badge-not-held-choice = なし
badge-since-unreadable = 「{ $written }」を日付として読めません。設定は変わっていません。例: 2026/11/1

review-day-assumed = 不明（1日と仮定）
review-day-set = 毎月{ $day }日

digest-every-off = なし
digest-every-monthly = 審査日のあと
digest-every-weekly = 審査日のあとと毎週月曜

keep-yes = 残す
keep-no = { $months }か月より古ければ削除する（仕事は前年分まで残す）
keep-stop = 古い記録を残さない
