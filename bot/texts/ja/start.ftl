# 起動を止めるもの、データベースにできないこと。
setting-token-missing = DISCORD_TOKEN が設定されていません。.env にボットのトークンを書くか、Discord なしで試してください: python -m bot rehearse
discord-token-refused = この DISCORD_TOKEN は Discord に認められませんでした。開発者ポータル（Bot → Reset Token）から .env へ写し直してください。
discord-refused = Discord にログインを断られました（状態 { $status }、コード { $code }）。数分後にもう一度試し、続くときは開発者ポータルでアプリを確認してください。
discord-unreachable = { $address } の Discord に接続できません。ネットワークと、設定していれば DISCORD_API_URL を確認してください。
discord-commands-refused = Discord にコマンドの登録を断られました（{ $reason }）。上のログを添えて報告してください。
discord-lost = Discord が接続を終了しました（{ $reason }）。アプリのトークンとインテントを確認してから、もう一度起動してください。
storage-address = DATABASE_URL は sqlite:///パス の形で書いてください（いまは { $address }）。
storage-unopened = データベース { $path } を開けません: { $reason }。フォルダーに書き込めるか確認するか、DATABASE_URL を設定してください。
storage-newer = データベースがこのプログラムより新しい形式です（{ $step }、このプログラムは { $newest } まで）。新しい版を入れ直すか、別のデータベースを使ってください。
storage-damaged = データベースのファイルが壊れているか、データベースではありません。バックアップを戻すか、DATABASE_URL を変えてください。
storage-full = ディスクがいっぱいか、書き込めません。何も記録していません。空きを作ってからもう一度お試しください。
storage-busy = ほかのプログラムがデータベースを使用中です。何も記録していません。少し待って、もう一度お試しください。
storage-read-only = データベースに書き込めません。何も記録していません。ファイルの権限を確認してください。
storage-failed = データベースの処理に失敗しました（{ $reason }）。何も記録していません。
