# コマンドライン。
cli-about = Nintei は、ランサーズの24時間の返信期限が切れる前にお知らせします。コマンドなしではボット、トークンがなければリハーサルを起動します。
cli-usage = 呼び出しを理解できません: { $reason }（--help に説明があります）
cli-file = { $path } を読めません: { $reason }
cli-day = 「{ $written }」は日付ではありません。例: 2026-11-23
cli-as-of = --as-of の「{ $written }」は ISO 8601 形式の時刻ではありません。例: 2026-11-23T12:00:00+09:00
cli-one-amount = 金額、--take-home、--client-pays のうち、ちょうど1つを指定してください。
cli-rehearsing = DISCORD_TOKEN が設定されていないため、このマシンだけのリハーサルを始めます。Discord で動かす方法は README.md にあります。
cli-help-run = Discord でボットを動かす
cli-help-rehearse = Discord なしで会員の一日を再現する
cli-help-interactive = 自分で入力する
cli-help-standing = 履歴ファイルを判定する
cli-help-fee = 手数料を見積もる
cli-help-history = CSV: thread,direction,sent_at と、必要なら kind
cli-help-as-of = 判定する時点（いま）
cli-help-edition = 基準の版
cli-help-timezone = 時差のない時刻のタイムゾーン
cli-help-json = JSON で出力する
cli-help-amount = 契約金額。例: 75000、75,000、7.5万
cli-help-tax = 金額に消費税を含むか
cli-help-method = 依頼方式
cli-help-certified = 認定ランサーである
cli-help-compensation = 認定ランサー補償 2 %
cli-help-on = 契約日（今日）
cli-help-withholding = 法人クライアントが源泉徴収する
cli-help-take-home = この額が手元に残る契約を探す
cli-help-client-pays = クライアントの支払いがこの額になる契約を探す
setting-edition = DEFAULT_EDITION={ $written } という版はありません。2016 か 2024 を書いてください。
setting-timezone = DEFAULT_TIMEZONE={ $written } というタイムゾーンはありません。例: Asia/Tokyo
setting-lead-times = DEFAULT_LEAD_TIMES={ $written } を読めません。例: 12h,4h,1h
setting-quiet-hours = DEFAULT_QUIET_HOURS={ $written } を読めません。例: 23:00-07:00、または空欄
setting-choice = { $name }={ $written } は使えません。{ $allowed } のどれかを書いてください。
setting-url = { $name }={ $written } はアドレスではありません。例: { $example }

standing-title = 認定ランサー（{ $edition } 年版）{ $at } 時点
standing-rate = 24時間以内の返信率
standing-rate-none = この1年の返信はありません
standing-slack = ゆとり: { $slack ->
    [0] もう遅れられません
   *[other] あと{ $slack }件までなら遅れても大丈夫です
}
standing-needed = 24時間以内の返信があと{ $needed }件必要です
standing-late = 遅れ { $late } 件（うち { $ambiguous } 件は、最新のメッセージから数えれば24時間以内。その場合 { $newest } 件が24時間以内）
standing-criteria = 基準
standing-value = 現在
standing-line = 基準値
standing-status = 判定
standing-waiting = 返信待ち
standing-due = 期限 { $at }
standing-overdue = 期限切れ { $at }
standing-nothing-waits = 返信待ちはありません。
standing-editions = ほかに { $others } 年版があります（--edition）。
standing-source = { $confidence }、{ $source }
fee-title-plain = 契約金額 { $amount }（{ $tax }）、{ $method }、{ $on }、{ $edition } 年版
fee-target-take-home = { $target } を手元に残す最小の契約金額は { $contract } です。
fee-target-client-pays = クライアントの支払いが { $target } になる最小の契約金額は { $contract } です。
fee-inexact = ちょうどの額になる契約はありません。下で最も近い額: { $below }、上で最も近い額: { $above }
