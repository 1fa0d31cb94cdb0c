# Discord でボットが話す文章。

thread-nobody = _（相手未設定）_
thread-nobody-plain = 相手未設定
thread-titled = { $client }「{ $title }」
span-both = { $hours }時間{ $minutes }分
span-hours = { $hours }時間
span-minutes = { $minutes }分

internal-error = こちらの不具合で処理できませんでした。すでに記録されたものは失われていません。少し待って、もう一度お試しください。
greeting = Nintei です。リマインドはこのようにダイレクトメッセージでお届けします。はじめての方は `/start` をご覧ください。
dm-open = ダイレクトメッセージを送りました。リマインドはそちらに届きます。
dm-refused = **ダイレクトメッセージを送れないため、リマインドが届きません。** 記録は残っています。サーバー名を長押し（右クリック）→「プライバシー設定」→「ダイレクトメッセージ」を許可するか、このアプリをアカウントに追加してください。次の記録のときにもう一度試します。それまでは `/pending` でご確認ください。
dm-unsure = いまはダイレクトメッセージを送れませんでした。記録は残っています。次の記録のときにもう一度試します。

# 控え
receipt-received = 📥 { $thread }からの受信
receipt-sent = 📤 { $thread }への返信
receipt-dismissed = 🔕 { $thread }: 返信不要にしました。リマインドはしません。あとでこのスレッドに返信すると、やはり数えられます。
receipt-new-thread = 🧵 { $thread }: 新規メッセージで送ったと記録しました。返信ではないため、返信率には数えられません。リマインドはしません。
receipt-undone = ↩️ 取り消しました: { $thread }、{ $at }。記録しなかったのと同じです。
receipt-repeated = _すでに記録済みです。二重には数えていません。_
receipt-corrected = _訂正しました。_
receipt-at = { $at } — { $read }
receipt-read = { $source }・{ $exactness }
source-mail = メールの送信日時から
source-quoted = 転送メールの日時から
source-posted = Discord への投稿日時から
source-written = ご記入の時刻から
source-button = ボタンで記録
source-imported = 取り込んだファイルから
precision-second = 秒単位
precision-minute = 分単位
precision-about = おおよそ
receipt-due = 返信期限 { $at }（{ $left }）
receipt-closed = 24時間を過ぎています。このスレッドで返信すると遅れとして数えられます。数えられない方法は2つ: **新規メッセージを作成**して送る、または**返信しない**。
receipt-newer-window = 相手の最新のメッセージから数えると、期限は { $at } です。どちらから数えるかは公表されていません。
receipt-reminders = 🔔 リマインド { $times }
receipt-is-the-reminder = ⏰ 期限までに送れるリマインドはもうありません。**この控えがリマインドです。**
receipt-answered = 返信済みです。
receipt-verdict-on-time = ✅ 24時間以内（{ $span }）
receipt-verdict-late = ⚠️ 遅れ: 受信から{ $span }
receipt-verdict-ambiguous = ❔ 最も古い未返信から{ $span }、最新のメッセージからは24時間以内です。どちらから数えるかは公表されていないため、遅れとして数えます。
receipt-counts-nowhere = 未返信のメッセージがなかったため、返信率には数えられません。
receipt-rate = 返信率 { $before } → { $after }
receipt-which-client = **どなたからですか？** 記録済みで、リマインドも動いています。
receipt-which-thread = **どのスレッドですか？** 記録済みで、リマインドも動いています。

# 質問
question-time = { $client }からのメッセージと読めましたが、時刻がわかりません。**いつ届きましたか？** まだ記録していません。
question-start = 仕事の招待状です（{ $at }）。返信しなくても率には影響しません。返信する場合は計測を始めてください。
question-badge = 認定ランサーに認定されたというお知らせです。**バッジを「認定済み」にしますか？**
question-thread = **どのスレッドへの返信ですか？** まだ記録していません。
question-thread-none = { $client }への返信にあたるスレッドがありません。先に受信を記録してください（転送するか `/received`）。
badge-noted = 🏅 おめでとうございます。認定済みとして記録しました。
draft-cancelled = 承知しました。何も記録していません。

mail-review-figures = 現在の数値をお知らせするメールです。返信は不要です。本文は読んでいません。
mail-no-window = このランサーズのメールに返信期限はありません。何も保存していません。
mail-login-code = ログイン認証コードのメールです。保存も読み取りもしていません。このようなメールは誰にも転送せず、ここのメッセージも削除してください。

# 届かなかったもの
missed-title = **お届けできなかったもの**
missed-undeliverable = ⚠️ { $thread }（期限 { $closes }）のリマインドを届けられませんでした。
missed-expired = ⚠️ { $thread }のリマインドは間に合いませんでした（期限 { $closes }）。
more-rows = … ほか{ $count }件
missed-unread = ⚠️ { $since } 以降のメッセージを読めませんでした。それまでの記録は残っています。お手数ですが、もう一度転送してください。

# ボタン
choose-thread = クライアントまたはスレッドを選択
choose-another = ほかのクライアント・スレッド…
action-time = 時刻が違う
action-move = 相手・スレッドを変更
action-turn = 自分の返信だった
action-turn-back = 相手からだった
action-dismiss = 返信不要
action-undo = 取り消し
action-now = いま返信した
action-ten-ago = 10分前
action-thirty-ago = 30分前
action-other-time = ほかの時刻
action-new-thread = 新規メッセージで送った
action-later = あとで（{ $at }）
action-open = 返信した…
action-start = 計測を始める
action-held = はい、認定済み
action-drop = いいえ
action-timezone = タイムゾーン
action-lead-times = リマインド
action-quiet-hours = おやすみ時間
pagination-before = ← 前へ
pagination-after = 次へ →
pagination-of = { $page } / { $pages } ページ

form-time = いつでしたか？
form-time-field = 日時
form-time-example = 昨日 14:30、11/22 9:05、3時間前
form-client = クライアント・スレッド
form-client-field = クライアント
form-client-example = 制作会社A
form-title-field = 仕事・スレッド名（空欄可）
form-title-example = ロゴ制作

# リマインド
reminder-title = ⏰ **返信待ちが{ $count }件あります**
reminder-overnight = 🌙 **おやすみ中に{ $count }件の期限が来ます**
reminder-late = _停止していたため、{ $span }遅れてお届けしています。_
reminder-closed-title = **24時間を過ぎました**
reminder-open = { $thread } — あと **{ $left }**、期限 { $at }（{ $counting }）
reminder-closed = { $thread }: 期限 { $at } を過ぎました。このスレッドで返信すると遅れとして数えられます。数えられない方法は2つ: **新規メッセージを作成**して送る、または**返信しない**。
snooze-set = 🔔 { $thread }: { $at }（{ $left }）にもう一度お知らせします。
pending-none = 返信待ちはありません。クライアントのメッセージを転送するか、「制作会社A様 昨日 14:30」のように書いてください。
pending-title = **返信待ち { $count }件**
pending-open = { $thread }
    受信 { $since } · 期限 { $at }（{ $counting }）
pending-overdue = ⚠️ { $thread }
    受信 { $since } · 期限切れ { $at }（{ $counting }）

# 状況
status-badge-held = 🏅 **認定ランサー**（{ $since } から）
status-badge-held-undated = 🏅 **認定ランサー**
status-badge-not-held = **認定バッジ: なし**
status-badge-unknown = **認定バッジ: 未設定** — `/settings` で教えてください
status-review = 次の審査: { $date }（推定。審査は毎月で、日は公表されていません）
status-criterion = { $mark } { $name }: { $value }（基準 { $line }）— { $status }
status-rate = **24時間以内の返信率** { $rate }
    `{ $bar }`
status-rate-slack = 余裕: { $slack ->
    [0] もう遅れられません
   *[other] あと{ $slack }件までなら遅れても大丈夫です
}
status-rate-needed = 24時間以内の返信があと{ $needed }件必要です
status-rate-newest = 最新のメッセージから数えると { $rate }。どちらから数えるかは公表されていないため、最も古い未返信から数えています。
status-rate-none = この1年の返信はまだ記録されていません。クライアントのメッセージを転送すると始まります。
status-waiting = **返信待ち { $count }件** — `/pending`
status-waiting-line = { $mark } { $thread } 期限 { $at }（{ $counting }）
status-waiting-more = … ほか{ $count }件
status-waiting-none = 返信待ちはありません。
status-edition = { $edition } 年版の基準で判定しています。ほかに { $others } 年版があります（`/settings`）。
status-rules-title = **基準（{ $edition } 年版）**
status-rule = **{ $name }** — 基準 { $line }。{ $known }
status-threshold-minimum = { $line } %、返信{ $minimum }件以上

# 料金
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

# 設定
settings-title = **設定**
preference-line = { $name }: **{ $value }**
preference-none = なし
preference-timezone = タイムゾーン
preference-timezone-example = Asia/Tokyo
preference-locale = 言語
preference-edition = 基準の版
preference-badge = 認定バッジ
preference-lead-times = リマインド（期限の前）
preference-lead-times-example = 12h,4h,1h
preference-quiet-hours = おやすみ時間
preference-quiet-hours-example = 23:00-07:00
locale-default = Discord と同じ
locale-ja = 日本語
locale-en = English
edition-named = { $edition } 年版
badge-unknown = 未設定
badge-held = 認定済み（{ $since } から）
badge-not-held = なし
badge-unknown-choice = 未設定
badge-held-choice = 認定済み
badge-not-held-choice = なし
badge-since-unreadable = 「{ $written }」を日付として読めません。設定は変わっていません。例: 2026/11/1
preference-locale-unknown = 「{ $written }」という言語はありません。設定は変わっていません。ja か en を選んでください。
preference-zone-unknown = 「{ $written }」というタイムゾーンはありません。設定は変わっていません。例: Asia/Tokyo、Europe/Berlin

# お断り
button-unknown = このボタンはもう使えません。何も変わっていません。`/pending` や `/settings` でカードを開き直してください。
recording-message-gone = この記録は見つかりません。取り消されたか、ほかの方のものです。何も変わっていません。`/history` でご確認ください。
recording-thread-gone = このスレッドは見つかりません。なくなったか、ほかの方のものです。何も変わっていません。`/pending` でご確認ください。
recording-draft-gone = この質問は回答済みか、ほかの方のものです。何も変わっていません。
recording-nothing-waits = このスレッドに返信待ちはありません。返信済みか、返信不要になっています。ほかの返信待ちは `/pending` でご覧ください。
recording-window-closed = 24時間を過ぎているため、これ以上のリマインドはありません。送る前に `/check` で確かめられます。
recording-time-missing = いつでしたか？ まだ記録していません。例:「昨日 14:30」
recording-future = { $at } は未来です。まだ記録していません。実際の日時を書いてください。例:「昨日 14:30」「3時間前」
recording-reply-before-received = それより前に、このスレッドで受信したメッセージの記録がないため、返信はまだ記録していません。先に受信を記録してください。転送するか、`/received client:制作会社A at:昨日 14:30` のように入力してください。
recording-client-missing = どなたですか？ まだ記録していません。クライアント名を書いてください。例:「制作会社A様 昨日 14:30」
recording-not-a-message = 「返信不要」などの記録は訂正できません。何も変わっていません。取り消すことはできます。
menu-nothing = これはボットやシステムのメッセージなので、記録できません。クライアントとのメッセージを選んでください。
menu-notification = これはクライアントからのメッセージの通知なので、自分の返信としては記録できません。返信した日時は `/replied` か `/pending` のボタンで記録してください。

# コマンド
menu-received = 受信として記録
menu-replied = 自分の返信として記録
command-status = 認定ランサーの基準の達成状況
command-fee = クライアントの支払額とあなたの受取額の見積もり
command-pending = あなたの返信を待っているクライアント
command-received = クライアントからの受信を記録
command-replied = 自分の返信を記録
command-settings = タイムゾーン、言語、版、バッジ、リマインド、審査日、まとめ
option-client = クライアント
option-client-received = どなたから
option-client-replied = どなたへ
option-at = 日時
option-at-about = 例: 昨日 14:30、11/22 9:05、3時間前（空欄はいま）
option-thread = スレッド
option-thread-about = 仕事・スレッド名（同じ相手に複数あるとき）
option-view = 表示
option-view-about = 表示する内容
view-summary = 概要
view-rules = 基準と出典
option-amount = 契約金額
option-amount-about = 例: 50,000、5万
option-tax = 消費税
option-tax-about = 金額に消費税を含むか
option-method = 依頼方式
option-method-about = 仕事の依頼方式
option-certified = 認定
option-certified-about = 認定ランサーか（空欄は設定のとおり）
option-take-home = 受取額
option-take-home-about = 契約金額の代わりに: 手元に残したい額
option-client-pays = 支払額
option-client-pays-about = 契約金額の代わりに: クライアントが支払う総額
option-compensation = 補償
option-compensation-about = 認定ランサー補償 2 %（2016 年版）
option-on = 契約日
option-on-about = 例: 2026-11-23（空欄は今日）
option-withholding = 源泉徴収
option-withholding-about = 法人クライアントが源泉徴収するか
tax-included = 税込
tax-excluded = 税抜
method-project = プロジェクト（固定報酬）
method-hourly = 時間単価
method-task = タスク
method-contest = コンペ
compensation-waived = 無料（キャンペーン）
compensation-charged = 請求あり
option-timezone = タイムゾーン
option-timezone-about = 例: Asia/Tokyo
option-locale = 言語
option-locale-about = ボットの言語
option-edition = 版
option-edition-about = 判定に使う基準の版
option-badge = バッジ
option-badge-about = 認定ランサーに認定されているか
option-badge-since = 認定日
option-badge-since-about = いつから。例: 2026/11/1
option-lead-times = リマインド
option-lead-times-about = 期限のどれだけ前か。例: 12h,4h,1h
option-quiet-hours = おやすみ時間
option-quiet-hours-about = 通知しない時間。例: 23:00-07:00、なし
command-check = このクライアントにまだ返信してよいか、返信するとどうなるか
command-away = 不在中に来る期限と、出発前に返信する順番
command-job = ほかの基準のもとになる仕事
command-job-add = 仕事を登録
command-job-edit = 登録した仕事を訂正
command-job-list = 登録した仕事（新しい順）
command-job-remove = 登録した仕事を削除
command-profile = プロフィール9項目と最終ログイン
command-goal = 獲得報酬の上位20 %ラインの自分の見積もり
command-calibrate = ランサーズの表示を記録し、こちらの記録と比べる
command-history = 記録の一覧と判定の理由、訂正、元に戻す
command-import = メッセージや仕事を取り込む（CSV、JSON、eml、zip）
command-export = あなたの記録をすべて書き出す（CSV と JSON）
command-erase = あなたの記録をすべて消去
view-detail = すべての数値の規則と根拠
view-forecast = 今後12回の審査
option-client-check = 返信したい相手
option-client-job = 依頼したクライアント
option-from = 開始
option-from-about = 不在の始まり: 12/29 18:00、明日
option-to = 終了
option-to-about = 戻る日時: 1/4、1/4 9:00
option-job = 仕事
option-job-about = どの登録か
option-reward = 報酬
option-reward-about = 1件あたりの報酬: 50,000、5万、0
option-date = 日付
option-date-about = 終わった日: 2026/11/22、11/22（空欄は今日）
option-category = カテゴリ
option-category-about = ランサーズのカテゴリ
option-category-goal = 報酬を数えるカテゴリ（空欄はすべて）
option-outcome = 結果
option-outcome-about = 完了したか（タスクは承認されたか）
option-evaluation = 評価
option-evaluation-about = 星 1〜5、満足、残念。「-」で取り消し
option-evaluation-calibrate = 表示されている星: 4.9
option-count = 件数
option-count-about = 同じ仕事が何件あるか
option-last-login = 最終ログイン
option-last-login-about = ランサーズに最後にログインした日
option-line = ライン
option-line-about = ラインの見積もり（円）: 1,000,000
option-source = 根拠
option-source-about = 見積もりの根拠
option-drop = 削除
option-drop-about = 目標を削除する
option-reply-rate = 返信率
option-reply-rate-about = 表示されている24時間以内の返信率: 92.3
option-replies = 返信数
option-replies-about = 表示されている返信の数
option-on-calibrate = 表示を見た日: 2026/11/22（空欄は今日）
option-completion-rate = 完了率
option-completion-rate-about = 表示されている完了率: 98
option-task-approval = タスク承認率
option-task-approval-about = 表示されているタスク承認率: 95
option-satisfaction = 満足率
option-satisfaction-about = 表示されている満足の割合: 97
option-earnings = 獲得報酬
option-earnings-about = 表示されている過去1年の報酬
option-file = ファイル
option-file-about = .csv、.json（書き出し）、.eml、それらの .zip
option-review-day = 審査日
option-review-day-about = ランサーズの審査日がわかる場合、その日
option-digest = まとめ
option-digest-about = まとめを送る頻度
option-keep = 古い記録
option-keep-about = 13か月より古い記録を残す
option-fallback = 予備チャンネル
option-fallback-about = ダイレクトメッセージが届かないときのチャンネル
option-no-fallback = 予備なし
option-no-fallback-about = 予備チャンネルを使わない
