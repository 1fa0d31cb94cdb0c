# 指標とヘルスチェックの待ち受けと、正常でない理由。

health-port-refused = 指標の待ち受け { $address } を開けません（{ $reason }）。METRICS_PORT を空いている番号に変えるか、METRICS_HOST を確認してください。
health-logged-in = Discord にまだログインしていません。
health-gateway = Discord のゲートウェイに接続していません（シャード { $shards }）。
health-membership = ほかのプロセスとの連絡が取れず、どのシャードも受け持っていません。
health-database = データベースが { $seconds } 秒以内に応答しません。
health-caught-up = 停止中に届いたメッセージを読んでいるところです。
health-sweep = リマインダーの見回りが { $seconds } 秒間止まっています。
