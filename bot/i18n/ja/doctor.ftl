# doctor の報告: 確認項目、結果、対処。

doctor-check-settings = 設定
doctor-check-token = トークン
doctor-check-application = アプリ
doctor-check-clock = 時計
doctor-check-database = データベース
doctor-check-integrity = 整合性
doctor-check-erasure = 消去
doctor-check-derived = 導出データ
doctor-check-folder = フォルダー
doctor-check-disk = ディスク
doctor-check-backups = バックアップ
doctor-check-pictures = 画像
doctor-check-mailbox = メールボックス
doctor-check-lmtp = メール受信
doctor-check-monitoring = 監視
doctor-no-problems = 問題はありません。
doctor-problems = 上の{ $number }項目に対処が必要です。
doctor-settings-fine = すべての設定を読めます。
doctor-settings-readable = トークンが書かれている可能性のある .env を、このマシンの全員が読めます。chmod 600 .env を実行してください。
doctor-unreadable = { $path } を読み取れません: { $reason }。ボットと同じユーザーで実行するか、上のフォルダーの権限を確認してください。
doctor-token-fine = Discord に認められました。ボットの名前は { $name } です。
doctor-application-unseen = 調べていません（Discord に尋ねられませんでした）。
doctor-application-fine = 特権インテントはすべて無効で、それで問題ありません。インストール用リンク: https://discord.com/oauth2/authorize?client_id={ $id }
doctor-application-intents = 不要な特権インテントが有効です: { $intents }。開発者ポータル（Bot）で無効にしてください。
doctor-application-installs = インストール方法が一方しか許可されていません。開発者ポータル（Installation）で User Install と Guild Install を許可し、https://discord.com/oauth2/authorize?client_id={ $id } を開いてください。
doctor-application-endpoint = Interactions Endpoint URL が設定されているため、コマンドとボタンがこのボットに届きません。開発者ポータル（General Information）で空にしてください。
doctor-clock-unseen = 調べていません（Discord の時刻がわかりませんでした）。
doctor-clock-fine = Discord との差は2秒以内です（{ $seconds }秒）。
doctor-clock-ahead = Discord より { $seconds }秒進んでいます。リマインドが早まり、返信期限が短く見えます。ネットワークで合わせてください。例: timedatectl set-ntp true
doctor-clock-behind = Discord より { $seconds }秒遅れています。リマインドが遅れます。ネットワークで合わせてください。例: timedatectl set-ntp true
doctor-database-new = { $path } にはまだありません。最初の起動で作られます。あるはずなら、DATABASE_URL と現在のフォルダーを確認してください。
doctor-database-gone = { $path } にデータベースがない（またはファイルが空な）のに、バックアップか消去の控えが残っています。DATABASE_URL とディスクを確認するか、バックアップを戻してください: { -command } restore FILE。次の起動では新しいデータベースが作られます。
doctor-database-fine = { $where } を開けます。{ $size } MB、スキーマ { $step }（最新）です。
doctor-database-older = { $where } を開けます。{ $size } MB、スキーマ { $step } です。次の起動で { $newest } になります。先にバックアップを取ってください。
doctor-integrity-fine = データベース自身の検査で異常はありません。
doctor-integrity-wrong = データベースが壊れています（{ $faults }）。ボットを止め、ファイルを控えてから、バックアップを戻してください。
doctor-erasure-fine = 会員を消去できます（一人で試し、元に戻しました）。
doctor-erasure-nobody = 試す会員がまだいません。
doctor-erasure-wrong = 会員を消去できません（{ $reason }）。/erase も失敗します。ボットの表を参照しているものをデータベースから取り除くか、データベースをもう一度復元してください。
doctor-derived-fine = やり取り{ $read }件を読み直し、すべて再計算と一致しました。
doctor-derived-differ = やり取り{ $read }件のうち{ $differing }件が再計算と一致しません。DEFAULT_ の設定を変えたあと、まだボットを起動していないのならそのためです。そうでなければ報告してください。直すには: { -command } doctor --fix
doctor-derived-fixed = やり取り{ $read }件を読み直しました。{ $differing ->
    [0] 異なるものはありませんでした。
   *[other] 異なっていた{ $differing }件を直しました。
}
doctor-derived-unreadable = 保存されている値を読み取れません（{ $error_type }）。データベースが壊れています。ボットを止め、ファイルの控えを取ってから、バックアップを戻してください。
doctor-derived-older = 次の起動でスキーマが最新になってから調べます。
doctor-folder-fine = { $path } に書き込めます。
doctor-folder-file = フォルダーが必要な { $path } がファイルになっています。別の場所へ移すか、DATABASE_URL か BACKUP_FOLDER を変えてください。
doctor-folder-locked = このユーザーは { $path } に書き込めません。chown などで、ボットを動かすユーザーのものにしてください。
doctor-disk-fine = { $path } の空きは { $free } MB です。
doctor-disk-short = { $path } の空きが { $free } MB しかありません（{ $wanted } MB 必要）。空きを作ってください。
doctor-temporary-refused = 一時ファイルを書けないため（{ $reason }）、/export が使えません。/tmp に空きを作るか、TMPDIR に別のフォルダーを指定してください。
doctor-backups-off = 毎日のバックアップは作っていません（BACKUP_KEEP=0）。
doctor-backups-fine = { $number ->
    [0] まだありません。動いているボットが毎日作ります。
   *[other] 毎日のバックアップは{ $number }件、最新は { $newest } です。
}
doctor-backups-none = { $path } に直近2日のバックアップがありません。ボットのログで backup_failed を探すか、手動で作ってください: { -command } backup FILE
doctor-backups-old = 会員のデータを含むファイル{ $number }件（{ $path } など）が、/erase で会員に伝えている{ $days }日（BACKUP_DAYS）より古くなっています。不要なものは削除してください。
doctor-backups-many = BACKUP_KEEP={ $keep } では、/erase で会員に伝えている{ $days }日より長くバックアップが残ります。小さくするか、BACKUP_DAYS を大きくしてください。
doctor-backups-server = BACKUP_KEEP は SQLite 専用です。PostgreSQL は pg_dump でバックアップし、この設定は外してください。
doctor-pictures-off = 無効です（PICTURES=off）。
doctor-pictures-fine = 描画ライブラリと日本語フォントが入っています。
doctor-pictures-missing = { $missing } が入っていません。requirements.lock のものを入れるか、PICTURES=off にしてください。
doctor-mailbox-fine = ログインできます。受信箱に{ $waiting }通あります。
doctor-mailbox-gmail = ログインできます（Gmail。読み終えたメールはゴミ箱に移してから完全に削除します）。受信箱に{ $waiting }通あります。
doctor-mailbox-failed = ログインできます。受信箱に{ $waiting }通、処理に失敗したメールがフォルダー { $folder } に{ $failed }通あります。ログで mail_failed を探し、エラーの種類を報告してください。7日後に削除されます。
doctor-mailbox-trash = Gmail のゴミ箱フォルダーが IMAP から見えないため、メールを完全に削除できません。Gmail の設定（ラベル）で、ゴミ箱の「IMAP で表示」を有効にしてください。
doctor-mailbox-away = { $address } に接続できません。MAIL_IMAP_HOST とネットワークを確認してください。リマインドは続いています。
doctor-mailbox-password = { $address } が { $user } のログインを拒否しました。MAIL_IMAP_USER と MAIL_IMAP_PASSWORD を確認してください。Gmail ではアプリ パスワードが必要です。
doctor-mailbox-certificate = { $address } の証明書を信頼できません。MAIL_IMAP_HOST を証明書と同じ名前にしてください。独自の認証局なら、その証明書を MAIL_IMAP_CA_FILE に指定してください。ポートは TLS 用（通常 993）です。
doctor-mailbox-slow = { $address } は接続を受け付けますが、時間内に応答しません。メールサーバーの負荷とログを確認してください。
doctor-mailbox-full = { $user } のメールボックスがいっぱいです。空きを作ってください。
doctor-mailbox-refused = { $address } がコマンドを拒否しました。IMAP が有効か、{ $user } が受信箱を読み書きできるかを確認してください。
doctor-lmtp-served = ボットが { $address } でメールを受け取っています。
doctor-lmtp-free = { $address } は空いています。メールを受け取っているボットはありません。
doctor-lmtp-other = { $address } では別のプログラムが応答しています。止めるか、MAIL_LMTP を別のアドレスにしてください。
doctor-monitoring-off = 監視していません（METRICS_PORT が未設定）。ボットが止まっていても知らせる手段がありません。
doctor-monitoring-free = メトリクスの待ち受け { $address } は空いています。応答するボットはありません。
doctor-monitoring-ready = 動作中のボットは正常に応答しています。
doctor-monitoring-unready = 動作中のボットが正常ではありません: { $reasons }
