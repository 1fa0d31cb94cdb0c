# ボタン、選択肢、入力欄の文言。

more-rows = … ほか{ $count }件

choose-thread = クライアントまたはスレッドを選択
choose-another = ほかのクライアント・スレッド…
choose-merge = **同じやり取りはどのスレッドですか？** すべて、選んだスレッドへ移ります。

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
action-count-it = このスレッドで送った
action-elsewhere = 新規メッセージだった
action-look = 開く
action-split = ここから別スレッド
action-merge = ほかのスレッドと結合
action-revert = 元に戻す
action-received-now = いま受信した
action-at-now = いま
action-at-ten-ago = 10分前
action-at-hour-ago = 1時間前
action-new-client = はい、新しい相手
action-as-read = はい、その時刻
action-client = ほかの相手…
action-anyway = それでも記録する
action-confirm = はい、実行する
action-take = 取り込む
action-logged-in = 今日ログインした
action-review-day = 審査日
action-keep = 古い記録を残す / 残さない
action-stop = 今後は受け取らない

pagination-before = ← 前へ
pagination-after = 次へ →
pagination-of = { $page } / { $pages } ページ

action-again = もう1件として追加

form-time = いつでしたか？
form-time-field = 日時
form-time-example = 昨日 14:30、11/22 9:05、3時間前
form-client = クライアント・スレッド
form-client-field = クライアント
form-client-example = 制作会社A
form-title-field = 仕事・スレッド名（空欄可）
form-title-example = ロゴ制作

button-unknown = このボタンはもう使えません。何も変わっていません。`/pending` や `/settings` でカードを開き直してください。

form-unknown = このフォームはもう使えません。何も変わっていません。カードを `/pending` や `/history` で開き直してください。
form-late = 時間がかかり、入力欄を開けませんでした。何も変わっていません。もう一度ボタンを押してください。
form-typed = 入力された内容: { $values }
