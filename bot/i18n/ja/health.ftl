# 指標とヘルスチェックの待ち受けと、正常でない理由。

health-port-refused = メトリクスの待ち受け { $address } を開けません（{ $reason }）。METRICS_PORT を空いている番号に変えるか、METRICS_HOST を確認してください。
health-logged-in = Discord にまだログインしていません。
health-gateway = Discord のゲートウェイに接続していません（シャード { $shards }）。
health-membership = ほかのプロセスとの連絡が取れず、どのシャードも受け持っていません。
health-database = { $reason ->
    [timeout] データベースが{ $seconds }秒以内に応答しません。
    [busy] ほかのプログラムがデータベースを使用中です。
    [damaged] データベースが壊れています。バックアップを戻してください。
    [full] ディスクがいっぱいか、書き込めません。空きを作ってください。
    [read-only] データベースに書き込めません。ファイルの権限と、ディスクが読み取り専用になっていないかを確認してください。
    [unreachable] データベースのサーバーに接続できません。
   *[other] データベースの処理に失敗しています。
}
health-token = トークンが Discord に拒否され、何も送信できません。新しいトークンに差し替えて、起動し直してください。
health-database-file = ボットの動作中にデータベースのファイルが削除されたか置き換えられ、何も記録できません。ファイルを戻すかバックアップを復元して、ボットを起動し直してください。
health-caught-up = 停止中に届いたメッセージを読んでいるところです。
health-sweep = 送るリマインドの確認が{ $seconds }秒間止まっています。
