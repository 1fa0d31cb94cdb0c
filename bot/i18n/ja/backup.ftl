# バックアップと復元（コマンドライン）。

backup-done = { $path } に書き込み、検査しました: { $size }
backup-holds = 内容: スキーマ { $step }、会員{ $members }人、やり取り{ $threads }件、{ $messages ->
    [0] メッセージ0件
   *[other] メッセージ{ $messages }件、最後の記録 { $newest }
}
backup-other-tool = PostgreSQL には専用のツールがあります（パスワードは尋ねられます）。実行してください: { $call }
backup-exists = { $path } はすでにあるため、そのままにしました。別のファイル名を指定してください。
backup-missing = { $path } にデータベースがありません。DATABASE_URL と現在のフォルダーを確認してください。
backup-no-room = { $path } の空きが足りないため、バックアップを作っていません（作るとディスクがいっぱいになります）。空きを作るか、BACKUP_FOLDER を変えてください。
backup-unwritable = { $path } に書き込めません: { $reason }。フォルダーと所有者を確認してください。
backup-damaged = { $path } は壊れているか、データベースではないため、何も写していません。それより前のバックアップを戻してください。
backup-not-ours = { $path } は Nintei のデータベースではないため、何も写していません。

restore-other-tool = PostgreSQL には専用のツールがあります。ボットを止めて実行してください: { $call }
restore-missing = { $path } にファイルがありません。名前を確認してください。
restore-same = それはデータベースそのものです。バックアップを指定してください。
restore-newer = バックアップがこのプログラムより新しい形式です（{ $step }、このプログラムは { $newest } まで）。先に新しいバージョンを入れてください。何も変わっていません。
restore-running = ボットか別のプログラムがデータベースを開いています。止めてから、もう一度実行してください。何も変わっていません。
restore-done = { $file } を { $path } のデータベースに戻しました。
restore-kept = これまでのものは { $path } に残してあります。会員のデータを含むので、不要になったら削除してください。
restore-old = このバックアップは、消去の控えが残る{ $days }日（BACKUP_DAYS）より古い可能性があります。それより前に消去された会員のデータが戻っているかもしれません。
