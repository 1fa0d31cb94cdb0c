# 図の中の言葉と、図の代わりの説明文。

picture-rate = 返信率（過去1年）
picture-rate-estimated = 返信率{ $estimate }
picture-published = 基準ではありません
picture-no-line = 公開される数値
picture-line = 基準 { $line }
picture-none = まだ記録がありません
picture-slack = { $slack ->
    [0] 余裕なし: 次の遅れで基準未満
   *[other] 余裕: 遅れ{ $slack }件まで
}
picture-needed = 24時間以内があと{ $needed }件必要
picture-weeks = 週ごとの返信（過去1年）
picture-weeks-recorded = 週ごとの返信（記録したもの）
picture-on-time = 24時間以内 { $count }件
picture-late = 遅れ { $count }件
picture-criteria = 基準
picture-value = { $value }／基準 { $line }
picture-client-fee = クライアントの手数料（税込）
picture-kept = 手取り（指名料を除く）
picture-forecast = このまま何も起きない場合の返信率{ $estimate }
picture-safe = 最初に基準を満たす審査: { $day }
picture-never-safe = 基準を満たす審査日はまだありません
picture-not-judged = 返信が足りず、判定される審査日はまだありません
picture-due-now = 返信期限まで（記録した時点）
picture-due-then = 返信期限まで（お知らせした時点）
picture-left = 残り約{ $left }
picture-left-little = 残り { $most }分未満
picture-until = { $at } まで
picture-others = ほか{ $count }件も返信待ち
picture-reminders = このあとリマインド { $count }回
picture-no-reminders = このあとリマインドはありません
picture-closed = 24時間を過ぎました
picture-closed-advice = 新規メッセージなら影響なし
picture-opened = { $at } 受信
picture-closes = { $at } 期限
picture-quiet = おやすみ時間
picture-reminder = リマインド
picture-rate-change = 返信率（前 → 後）{ $estimate }
picture-sentence = { $words }。
picture-list = { $name }: { $list }。
picture-published-value = { $name } { $value }
picture-judged = { $name } { $value }（{ $status }）
picture-status-about = 返信率のメーター: { $rate }、{ $line }。
picture-weeks-about = 週ごとの棒グラフ: { $on_time }、{ $late }（遅れのあった週は{ $weeks }）。
picture-fee-about = 2本の横棒グラフ: 手取りとクライアントの支払いの内訳。
picture-forecast-about = 今後の審査日の返信率の棒グラフ（{ $line }）。
picture-window-about = 24時間の時計。{ $title }:
picture-rate-about = 返信率の棒グラフ: { $words }（{ $line }）。
