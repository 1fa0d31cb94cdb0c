# 運営者のコマンドと、会員に見えるその結果

announcement-title = **このボットの運営者からのお知らせ**
announcements-stopped = 運営者からのお知らせは今後届きません。再び受け取るには `/settings` の `お知らせ` を使ってください。
announcements-wanted = 受け取る
announcements-declined = 受け取らない
member-blocked = このボットの運営者があなたの利用を停止しています。送っていただいた内容は記録されません。

operator-id = 「{ $written }」は Discord のユーザー ID ではありません。184467440737095516 のような数字です。Discord の「設定 → 詳細設定 → 開発者モード」をオンにし、ユーザーを右クリックして「ユーザー ID をコピー」で確認できます。
operator-no-database = { $path } にデータベースがありません。DATABASE_URL と現在のフォルダーを確認してください。
operator-schema = データベースのスキーマは { $step } ですが、このプログラムには { $newest } が必要です。ボットを一度起動すると更新されます。そのあとでもう一度実行してください。何も変わっていません。
operator-handed-in = 要求 { $id } を動いているボットに渡しました。数秒以内に実行されます。
operator-no-bot = ボットが動いていません。要求 { $id } は次の起動時に実行されます。
operator-outcome-erased = このユーザーに関する記録をすべて消去しました。
operator-outcome-unknown = このユーザーの記録はないため、何も消去していません。
operator-outcome-blocked = このユーザーをブロックしました。今後は記録も送信もしません。これまでの記録は、消去するまで残ります。
operator-outcome-already-blocked = このユーザーはすでにブロックされています。
operator-outcome-unblocked = ブロックを解除しました。ブロック中に書かれた内容は読み取りません。
operator-outcome-not-blocked = このユーザーはブロックされていません。

announce-usage = 本文（必要なら --now、--wait）か、--status（必要なら --json）のどちらかを指定してください。
announce-length = お知らせは1〜{ $most }文字です（今は{ $length }文字）。
announce-encoding = この端末の文字コードでは文を読めないので、何も送っていません。UTF-8 にしてください。例: export LC_ALL=C.UTF-8
announce-none = 過去30日間のお知らせはありません。
announce-waiting = 未開始
announce-sending = 配信中
announce-finished = 完了
announce-line = { $id }、{ $at }、{ $state }: 配信済み { $delivered }、待機中 { $planned }、届かず { $undeliverable }、受け取らない { $declined }

members-members = 会員
members-joined = 過去30日間に登録
members-active = 過去30日間に記録あり
members-waiting = 返信待ちの相手がいる
members-unreachable = ボットからのダイレクトメッセージを受け取らない
members-without-announcements = お知らせを受け取らない
members-blocked = ブロック中のユーザー

# データベースにできなかったこと（運営者向け）。会員向けの文は storage.ftl にあります。
operator-storage-full = データベースのあるディスクがいっぱいか、書き込めません。何も変わっていません。空きを作るかディスクを直して、もう一度お試しください。
operator-storage-busy = ほかのプログラムがデータベースを使用中です。何も変わっていません。そのプログラムを終了するか、終わるのを待って、もう一度お試しください。
operator-storage-read-only = データベースに書き込めません。何も変わっていません。ファイルとフォルダーの所有者と、ディスクが読み取り専用になっていないかを確認してください。
operator-storage-failed = データベースの処理に失敗しました（{ $reason }）。何も変わっていません。もう一度試し、続くときはデータベースサーバーのログを確認してください。
operator-storage-unreachable = データベースサーバーに接続できません。サーバーが動いているかとネットワークを確認して、もう一度お試しください。
operator-storage-file-lost = ボットの動作中にデータベースのファイルが削除されたか、別のファイルに置き換えられたため、今は何も記録できません。ファイルを元に戻すかバックアップを復元し、ボットを起動し直してください。
