# ボタン、選択肢、入力欄の文言。

more-rows = … ほか{ $count }件

choose-window = 返信待ちを選ぶ
choose-thread = 相手・やり取りを選択
choose-another = ほかの相手・やり取り…
choose-merge = **同じやり取りはどれですか？** すべて、選んだやり取りへ移ります。

action-time = 時刻が違う
action-dismiss = 返信不要
action-undo = 取り消し
action-correct = 訂正…
action-back = 戻る
action-restore = 元に戻す
action-from-lancers = はい、ランサーズからです
action-not-lancers = ちがう
action-now = いま返信した
action-ten-ago = 10分前に返信済み
action-thirty-ago = 30分前に返信済み
action-other-time = ほかの時刻に返信済み…
action-new-thread = 新規メッセージで送った
action-snooze = あとで…
action-half-hour = 30分後
action-two-hours = 2時間後
action-tomorrow-morning = 明日の朝（{ $at }）
action-this-morning = 朝（{ $at }）
action-mute = この相手のリマインドを止める
action-contract = 契約中にする
action-contract-end = 契約終了
action-other-site = ランサーズ以外
action-on-lancers = ランサーズの仕事
action-on-lancers-page = ランサーズ
action-contact-request = 連絡催促だった
action-contacted = 対応済み
action-unmute = リマインドを再開
action-open = 返信した…
action-start = 計測を始める
action-held = はい、認定済み
action-drop = いいえ
action-timezone = タイムゾーン
action-lead-times = リマインド
action-quiet-hours = おやすみ時間
action-count-it = このやり取りで送った
action-elsewhere = 新規メッセージだった
action-look = 開く
action-split = ここから別のやり取り
action-merge = ほかのやり取りと結合
action-revert = 元に戻す
action-received-now = いま受信した
action-at-now = いま
action-at-ten-ago = 10分前
action-at-hour-ago = 1時間前
action-as-read = はい、その時刻
action-client = ほかの相手…
action-anyway = それでも記録する
action-confirm = はい、実行する
action-confirm-messages = 消去して、ボットのメッセージも削除
action-take = 取り込む
action-logged-in = 今日ログインした
action-review-day = 審査日
action-keep = 古い記録を残す
action-stop = 今後は受け取らない

pagination-before = ← 前へ
pagination-after = 次へ →
pagination-of = { $page } / { $pages }ページ

action-again = もう1件として追加

form-time = いつでしたか？
form-time-field = 日時
form-time-example = 昨日 14:30、11/22 9:05、3時間前
form-client = 相手・やり取り
form-client-field = クライアント
form-client-example = 制作会社A
form-title-field = 仕事・やり取りの名前（空欄可）
form-title-example = ロゴ制作

button-unknown = このボタンはもう使えません。何も変わっていません。`/pending` や `/settings` でカードを開き直してください。

form-unknown = このフォームはもう使えません。何も変わっていません。カードを `/pending` や `/history` で開き直してください。
options-contradict = { $options ->
    [badge-rank] `バッジ` と `ランク`
    [since-rank] `認定日` と `ランク`
    [fallback] `予備チャンネル` と `予備なし`
    [drop-line] `削除` と `ライン`
    [drop-source] `削除` と `根拠`
   *[badge-since] `バッジ` と `認定日`
} の指定が食い違っています。何も変わっていません。どちらか一方だけを指定してください。
form-late = 時間がかかり、入力欄を開けませんでした。何も変わっていません。もう一度ボタンを押してください。
command-unknown = このコマンド、または入力された項目に対応していません。Discord に古い表示が残っている可能性があります。何も記録していません。Discord を開き直して（パソコンでは Ctrl+R）、もう一度お試しください。
form-typed = 入力された内容: { $values }
action-detail = 詳しく
action-forecast = 見通し
action-pending = 返信待ち
action-fill = 埋める…
action-profile = プロフィール…
action-goal = 目標のライン…
action-displayed = ランサーズの数値…
