# データベースにできなかったこと、データベースの移動。

storage-address = DATABASE_URL は sqlite:///パス または postgresql://ユーザー:パスワード@ホスト/データベース の形で書いてください（いまは { $address }）。
storage-move-address = { $name } は sqlite:///パス または postgresql://ユーザー:パスワード@ホスト/データベース の形で書いてください（ユーザーとパスワードの @ / ? # [ % はパーセント符号化します）。
storage-port = DATABASE_URL のポート番号は使えません。1 から { $most } までの番号を書いてください。
storage-memory = メモリー上のデータベースはプログラムの終了とともに消えます。DATABASE_URL にはファイルを指定してください: sqlite:///data/nintei.db
storage-password-unescaped = DATABASE_URL を読み取れません。ユーザーかパスワードに @ / ? # [ % などの文字があるときは、%40（@ の場合）のようにパーセントエンコードしてください。
storage-foreign = { $path } はほかのプログラムのデータベースなので、何も変更していません。DATABASE_URL に別のファイルを指定してください。
storage-unopened = データベース { $path } を開けません: { $reason }。フォルダーに書き込めるか確認するか、DATABASE_URL を設定してください。
storage-server-unopened = データベース { $address } に接続できません: { $reason }。サーバーが動いているか、DATABASE_URL のユーザーとパスワードを確認してください。
storage-server-refused = データベース { $address } に接続を拒否されました（{ $reason }）。DATABASE_URL のユーザー、パスワード、データベース名を確認してください。
storage-newer = データベースがこのプログラムより新しい形式です（{ $step }、このプログラムは { $newest } まで）。新しいバージョンを入れ直すか、別のデータベースを使ってください。
storage-damaged = データベースのファイルが壊れているか、データベースではありません。バックアップを戻すか、DATABASE_URL を変えてください。
storage-full = ディスクがいっぱいか、書き込めません。何も記録していません。運営者が空きを作ったあとで、もう一度お試しください。
storage-busy = ほかのプログラムがデータベースを使用中です。何も記録していません。少し待って、もう一度お試しください。
storage-file-lost = ボットの動作中にデータベースのファイルが削除されたか、別のファイルに置き換えられました。今は何も記録できません。運営者がファイルを元に戻すかバックアップを復元し、ボットを起動し直す必要があります。
storage-in-use = { $path } は別のボットか、restore や move-database が使用中です。先にそちらを止めてください。SQLite のファイルに書き込めるプロセスは一度に一つです（複数のボットで共有するときは PostgreSQL を使います）。
storage-unreachable = いまデータベースに接続できません。少し待って、もう一度お試しください。すでに記録したものが二重に記録されることはありません。
storage-read-only = データベースに書き込めません。何も記録していません。運営者にファイルの権限の確認を頼んでください。
storage-failed = データベースの処理に失敗しました（{ $reason }）。何も記録していません。もう一度お試しいただき、続くときは運営者に伝えてください。
storage-move-same = 移動元と移動先が同じデータベースです。
storage-move-missing = { $path } にデータベースがありません。移動元を確認してください。
storage-move-not-empty = 移動先が空ではないため（{ $table }）、何も移していません。空のデータベースを指定してください。
storage-move-other = 移動先には { $origin } からの移動が途中まで入っています。先にそれを終えるか、移動先を空にしてください。
storage-move-unfinished = このデータベースへの移動が終わっていません。同じ移動元と移動先で { -command } move-database をもう一度実行してください。
storage-move-running = どちらかのデータベースをボットが使用中です。ボットを止めて30秒ほど待ち、もう一度実行してください。
storage-move-broken = 移動元の { $table } に矛盾した行があり、壊れています。先に移動元へバックアップを戻してください。
storage-move-differs = { $table } の { $row } の行が両方で一致しません。移動中に移動元が変更されました。ボットを止め、移動先を空にして、もう一度実行してください。
