# 指標とヘルスチェックの待ち受け、その返事。
setting-port = { $name } は 1 から { $highest } までの番号にしてください（いまは { $written }）。空にすると指標は無効です。
watching-port-refused = 指標の待ち受け { $address } を開けません（{ $reason }）。METRICS_PORT を空いている番号に変えるか、METRICS_HOST を確認してください。
watching-logged-in = Discord にまだログインしていません。
watching-gateway = Discord のゲートウェイに接続していません（シャード { $shards }）。
watching-membership = ほかのプロセスとの連絡が取れず、どのシャードも受け持っていません。
watching-database = データベースが { $seconds } 秒以内に応答しません。
watching-caught-up = 停止中に届いたメッセージを読んでいるところです。
watching-sweep = リマインダーの見回りが { $seconds } 秒間止まっています。
