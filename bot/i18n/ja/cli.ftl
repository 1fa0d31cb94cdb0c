# コマンドライン: オプション、standing、forecast、check、fee、move-database。

cli-about = Nintei は、ランサーズの24時間の返信期限が切れる前にお知らせします。コマンドなしではボット、トークンがなければリハーサルを起動します。
cli-usage = 呼び出しを理解できません: { $reason }（--help に説明があります）
cli-file = { $path } を読めません: { $reason }
cli-timezone = 「{ $written }」というタイムゾーンはありません。例: Asia/Tokyo、Europe/Berlin
cli-as-of = --as-of の「{ $written }」は ISO 8601 形式の時刻ではありません。例: 2026-11-23T12:00:00+09:00
cli-one-amount = 金額、--take-home、--client-pays のうち、ちょうど1つを指定してください。
cli-rehearsing = DISCORD_TOKEN が設定されていないため、このマシンの中だけのリハーサルを始めます。
cli-help-version = 版を表示して終わる
cli-help-run = Discord でボットを動かす
cli-help-rehearse = Discord なしで会員の一日を再現する
cli-help-move = すべてを別のデータベースへ移す（SQLite と PostgreSQL の間、どちら向きでも）。先にボットを止めること
cli-help-move-from = 移動元: sqlite:///パス または postgresql://…
cli-help-move-to = 移動先（空のデータベース）。途中で止まっても、もう一度実行すれば続きから進む
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
cli-help-jobs = 仕事の CSV: date,method,category,reward,outcome,evaluation（必要なら client、count）
cli-help-category = 報酬を数えるカテゴリ（既定はすべて）
cli-help-line = カテゴリ上位20%ラインの自分の見積もり
cli-help-profile = 記入済みのプロフィール項目: all またはカンマ区切り
cli-help-last-login = 最後にログインした日
cli-help-forecast = このまま何も起きない場合の、今後の審査日の返信率
cli-help-reviews = 何回先の審査まで見るか（12）
cli-help-review-day = ランサーズが審査する日（既定は1日、仮定）
cli-help-check = このスレッドにまだ返信してよいか、返信するとどうなるか
cli-help-thread = 履歴ファイルにあるスレッド名
cli-profile = 「{ $written }」というプロフィール項目はありません。使えるのは { $known }、または all です。
cli-whole = { $option } の「{ $written }」は { $least }〜{ $most } の整数ではありません。
cli-help-page = ブラウザのページで試す
cli-help-port = ページのポート番号（指定がなければ空いているもの）
cli-help-doctor = すべて正常かを調べる。1項目1行、対処が必要なら終了コード 1
cli-help-doctor-all = 一部ではなく、すべてのスレッドを再計算と照合する
cli-help-doctor-fix = 再計算と異なるスレッドを作り直す（ボットは動かしたままでよい）
cli-help-backup = データベースを新しいファイルへ写す（ボットは動かしたままでよい）
cli-help-backup-file = まだ存在しないファイル
cli-help-restore = バックアップをデータベースに戻す（いまのものは別の名前で残る）。先にボットを止めること
cli-help-restore-file = backup で作ったファイル

standing-title = 認定ランサー（{ $edition } 年版）{ $at } 時点
standing-rate = 24時間以内の返信率
standing-rate-none = この1年の返信はありません
standing-slack = 余裕: { $slack ->
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
standing-missing = { $name }: 不明 — { $lacks }
standing-missing-completion-rate = 過去1年に該当する仕事がありません。--jobs で渡してください
standing-missing-task-approval = 仕事の記録がありません。--jobs で渡してください
standing-missing-earnings = 過去1年にこのカテゴリの仕事がありません。--jobs で渡してください
standing-missing-earnings-line = ラインは公表されていません。自分の見積もりを --line で渡してください
standing-missing-evaluation = 過去1年に星の評価がありません。--jobs で渡してください
standing-missing-satisfaction = 過去1年に評価がありません。--jobs で渡してください
standing-missing-profile = 記入済みの項目を --profile で渡してください
standing-missing-last-login = 日付を --last-login で渡してください
standing-left-out = { $name }: この種類の評価がない{ $count }件は計算に入れていません

fee-title-plain = 契約金額 { $amount }（{ $tax }）、{ $method }、{ $on }、{ $edition } 年版
fee-target-take-home = { $target } を手元に残す最小の契約金額は { $contract } です。
fee-target-client-pays = クライアントの支払いが { $target } になる最小の契約金額は { $contract } です。
fee-inexact = ちょうどの額になる契約はありません。下で最も近い額: { $below }、上で最も近い額: { $above }

forecast-title = { $at } 以降に何も起きない場合の、今後の審査日の24時間以内の返信率
forecast-assumed = 審査日は公表されていないため、毎月1日と仮定しています（--review-day で変更）。
forecast-safe = 返信率が基準を満たす最初の審査日: { $day }
forecast-never-safe = この中に返信率が基準を満たす審査日はありません。24時間以内の返信を増やす必要があります。
forecast-leaves = 遅れた返信{ $count }件が過去1年から外れる日:
forecast-leaves-line = { $day }  { $thread }（{ $replied } に返信）
forecast-not-judged = 1年間の返信が{ $minimum }件未満のあいだは判定されません。

check-open = 「{ $thread }」: { $due } まで受付中です。今返信すれば24時間以内に数えられます。
check-overdue = 「{ $thread }」: 24時間は { $due } に過ぎました。このスレッドに返信すると遅れとして数えられます。
check-nothing-waiting = 「{ $thread }」: 未返信のメッセージはありません。送っても何も数えられないので、自由にどうぞ。
check-unknown-thread = 履歴にその名前のスレッドはありません。
check-reply = 今返信すると: { $percent } → { $then }、余裕 { $slack } → { $left }
check-new-thread = 新規メッセージを作成: { $percent } のまま、余裕 { $slack }
check-no-reply = 返信しない: { $percent } のまま、余裕 { $slack }

move-table = { $table }: { $rows }
move-done = すべての行を移し、照合しました。ボットを起動する前に DATABASE_URL を新しいデータベースに変え、古いほうはバックアップとして残してください。
cli-file-refused = { $path } を使えません: { $reason }。パスと、上のフォルダーの権限を確認してください。
cli-internal-error = プログラムの不具合です（{ $error_type }、{ $place }）。版と操作の内容を添えて報告してください。
