# コマンドライン: オプション、standing、forecast、check、fee、move-database。

cli-about = Nintei は、ランサーズの24時間の返信期限が切れる前にお知らせします。コマンドなしではボット、トークンがなければリハーサルを起動します。
cli-usage = 呼び出しを理解できません: { $reason }（--help に説明があります）
cli-file = { $path } を読めません: { $reason }
cli-empty = { $name } の値が空です。値を書いてください（スクリプトでは変数が設定されていないかもしれません）。
cli-stream-long = 入力が { $most } MB を超えています。ファイルに保存するか、何が書き込んでいるかを確認してください。
cli-timezone = 「{ $written }」というタイムゾーンはありません。例: Asia/Tokyo、Europe/Berlin
cli-as-of = --as-of の「{ $written }」は ISO 8601 形式の時刻ではありません。例: 2026-11-23T12:00:00+09:00
cli-one-amount = 金額、--hours と --hourly-rate、--take-home、--client-pays のうち、ちょうど1つを指定してください。
cli-rehearsing = DISCORD_TOKEN が設定されていないため、このマシンの中だけのリハーサルを始めます。
cli-windows = このコマンドは Linux か macOS で動きます（Windows には必要なファイルロックがありません）。WSL 2 かコンテナをお使いください（docs/operate.md）。
cli-help-version = バージョンを表示して終わる
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
cli-help-edition = 基準の年
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
cli-help-client-pays = クライアントの支払いがこの予算に収まる最大の契約を探す
cli-fee-hourly = プロジェクトとして計算しています。時間報酬なら --method hourly を付けてください。
cli-help-hours = 時間数。--hourly-rate とともに金額の代わりになる
cli-help-hourly-rate = 1時間の額
cli-help-count = 件数。1件ごとに計算して掛ける
cli-help-client-discount = クライアントに継続割引がある
cli-help-jobs = 仕事の CSV: date,method,category,reward,outcome,evaluation（必要なら client、count）。reward は手数料を引く前の契約金額
cli-help-category = 報酬を数えるカテゴリ（既定はすべて）。--line と組にして何度でも
cli-help-rank = ランサーズに表示されているランク。基準からの判定より優先する
cli-help-line = カテゴリ上位20%ラインの自分の見積もり（手数料を引く前）。--category と組にして何度でも
cli-help-profile = 記入済み・認証済みのプロフィール項目: all またはカンマ区切り
cli-help-last-login = 最後にログインした日
cli-help-forecast = このまま何も起きない場合の、今後の審査日の返信率
cli-help-reviews = 何回先の審査まで見るか（12）
cli-help-review-day = ランサーズが審査する日（既定は1日、仮定）
cli-help-check = このやり取りにまだ返信してよいか、返信するとどうなるか
cli-help-thread = 履歴ファイルにあるやり取りの名前
cli-goal-pairs = --category（{ $categories }個）と --line（{ $lines }個）は、組にして同じ数だけ指定してください。
cli-profile = 「{ $written }」というプロフィール項目はありません。使えるのは { $known }、または all です。
cli-whole = { $option } の「{ $written }」は { $least }〜{ $most } の整数ではありません。
cli-help-displayed = ランサーズに表示されていた24時間以内の返信率（履歴にない返信を補う）: 92.5
cli-help-displayed-replies = その返信率の返信数: 40
cli-help-displayed-on = その表示を見た日: 2026-11-22
cli-displayed-incomplete = --displayed、--displayed-replies、--displayed-on は3つともそろえて指定してください。
cli-displayed-future = { $day } は判定する時点より後です。表示を見た日を --displayed-on に書いてください。
cli-help-page = ブラウザのページで試す
cli-help-port = ページのポート番号（指定がなければ空いているもの）
cli-help-doctor = すべて正常かを調べる。1項目1行、対処が必要なら終了コード 1
cli-help-doctor-all = 一部ではなく、すべてのやり取りを再計算と照合する
cli-help-doctor-fix = 再計算と異なるやり取りを作り直す（ボットは動かしたままでよい）
cli-help-backup = データベースを新しいファイルへ写す（ボットは動かしたままでよい）
cli-help-backup-file = まだ存在しないファイル
cli-help-restore = バックアップをデータベースに戻す（いまのものは別の名前で残る）。先にボットを止めること
cli-help-restore-file = backup で作ったファイル
cli-help-members = 会員の人数を表示する（名前や ID は出ません）
cli-help-announce = 会員全員に一度だけ、おやすみ時間を避けてダイレクトメッセージでお知らせを送る
cli-help-announce-text = お知らせの本文（1,500文字まで）
cli-help-announce-now = おやすみ時間中の会員にもすぐ送る
cli-help-announce-status = 最近のお知らせの配信状況を表示する
cli-help-announce-json = JSON で出力する（--status とともに）
cli-help-wait = 動いているボットが実行し終えるまで待ち、結果を表示する
cli-help-erase = ある Discord ユーザーに関する記録をすべて消去する（本人の /erase と同じ）
cli-help-block = ある Discord ユーザーの送信内容を記録せず、何も送らない（記録済みのものは消去するまで残る）
cli-help-unblock = ブロックを解除する
cli-help-user-id = Discord のユーザー ID

standing-verdict-met = ✅ すべての基準を満たしています
standing-verdict-not-met = ❌ 満たしていない基準があります
standing-verdict-unknown = ❔ まだ判定できない基準があります
standing-title = 認定ランサー（{ $edition }年の基準、{ $at } 時点）
standing-rate = 24時間以内の返信率
standing-rate-none = この1年の返信はありません
standing-slack = 余裕: { $slack ->
    [0] なし（次に遅れると基準を下回ります）
   *[other] あと{ $slack }件までなら遅れても大丈夫です
}
standing-needed = 24時間以内の返信があと{ $needed }件必要です
standing-late = 遅れ { $late }件{ $ambiguous ->
    [0] {""}
   *[other] （うち{ $ambiguous }件は、最新のメッセージから数えれば24時間以内。その場合 { $newest }件が24時間以内）
}
displayed-too-old = { $day } の表示は1年より前のものなので、推定には使いません。
displayed-all-recorded = { $day } の表示に、履歴にない返信は残っていません。推定はしません。
displayed-estimate = { $unseen ->
    [0] 推定です。履歴にない返信は、すべて過去1年から外れたとみています。
   *[other] 履歴にない返信{ $unseen }件を含む推定です。
}
displayed-not-judged = 最悪の場合と最良の場合で結果が分かれるため、返信率は判定できません。
standing-criteria = 基準
standing-value = 現在
standing-line = 基準値
standing-status = 判定
standing-waiting = 返信待ち
standing-due = 期限 { $at }
standing-overdue = 期限切れ { $at }
standing-nothing-waits = 返信待ちはありません。
standing-editions = ほかの基準の年: { $others }（--edition）
standing-rank = ランク: { $rank }
standing-rank-declared = ランク: { $rank }（申告）
standing-rank-next = 次のランク { $rank }: { $gap }
standing-missing = { $name }: 不明 — { $lacks }
standing-missing-completion-rate = 過去1年に該当する仕事がありません。--jobs で渡してください
standing-missing-task-approval = 仕事の記録がありません。--jobs で渡してください
standing-missing-earnings = 過去1年にこのカテゴリの完了した仕事がありません。--jobs で渡してください
standing-missing-earnings-line = ラインは公表されていません。自分の見積もりを --line で渡してください
standing-missing-evaluation = 過去1年に星の評価がありません。--jobs で渡してください
standing-missing-evaluation-ended = 星の評価は2022年2月で終わりました。星の付いた仕事を --jobs で渡すか、--edition 2024 を使ってください
standing-missing-satisfaction = 過去1年に評価がありません。--jobs で渡してください
standing-missing-profile = 記入済み・認証済みの項目を --profile で渡してください
standing-missing-last-login = 日付を --last-login で渡してください
standing-left-out = { $name }: この種類の評価がない{ $count }件は計算に入れていません

forecast-title = { $at } 以降に何も起きない場合の、今後の審査日の24時間以内の返信率
forecast-assumed = 審査日は公表されていないため、毎月1日と仮定しています（--review-day で変更）。
forecast-safe = 返信率が基準を満たす最初の審査日: { $day }
forecast-never-safe = この中に返信率が基準を満たす審査日はありません。24時間以内の返信を増やす必要があります。
forecast-leaves = 遅れた返信{ $count }件が過去1年から外れる日:
forecast-leaves-line = { $day }  { $thread }（{ $replied } に返信）
forecast-not-judged = 1年間の返信が{ $minimum }件未満のあいだは判定されません。

check-open = 「{ $thread }」: まだ間に合います。{ $due } までに返信すれば、24時間以内に数えられます。
check-overdue = 「{ $thread }」: 24時間は { $due } に過ぎました。このやり取りで返信すると遅れとして数えられます。
check-open-other-site = 「{ $thread }」: まだ間に合います（期限 { $due }）。ランサーズ以外のやり取りのため、返信率に影響しません。
check-overdue-other-site = 「{ $thread }」: 24時間は { $due } に過ぎました。ランサーズ以外のやり取りのため、返信率に影響しません。
check-nothing-waiting = 「{ $thread }」: 未返信のメッセージはありません。送っても返信率に影響しません。
check-unknown-thread = 履歴にその名前のやり取りはありません。
check-neutral = 新規メッセージを作成するか、返信しなければ、返信率に影響しません。契約中の仕事では、遅れても連絡してください。
check-margin = 、余裕 { $slack }
check-reply = 今返信すると: { $change }{ $margin }
check-new-thread = 新規メッセージを作成: { $before } のまま{ $margin }
check-no-reply = 返信しない: { $before } のまま{ $margin }

move-table = { $table }: { $rows }
move-done = すべての行を移し、照合しました。ボットを起動する前に DATABASE_URL を新しいデータベースに変え、古いほうはバックアップとして残してください。
cli-file-refused = { $path } を使えません: { $reason }。パスと、上のフォルダーの権限を確認してください。
cli-output-refused = 出力を書き込めませんでした: { $reason }。空きを作るか、別の場所に出力してください。
cli-internal-error = プログラムの不具合です（{ $error_type }、{ $place }）。バージョンと操作の内容を添えて報告してください。
