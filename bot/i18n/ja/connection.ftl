# Discord に接続できない理由。

discord-token-refused = この DISCORD_TOKEN は Discord に認められませんでした。開発者ポータル（Bot → Reset Token）から .env へ写し直してください。
discord-refused = Discord にログインを断られました（状態 { $status }、コード { $code }）。数分後にもう一度試し、続くときは開発者ポータルのアプリと、設定していれば DISCORD_API_URL を確認してください。
discord-unreachable = { $address } の Discord に接続できません。ネットワークと、設定していれば DISCORD_API_URL を確認してください。
discord-commands-refused = Discord にコマンドの登録を断られました（{ $reason }）。上のログを添えて報告してください。
discord-lost = Discord が接続を終了しました（{ $reason }）。アプリのトークンとインテントを確認してから、もう一度起動してください。
discord-shard-count = シャードの数が Discord に認められませんでした（終了コード { $reason }）。SHARD_COUNT をサーバー 1,000件につき1の割合で、すべてのプロセスで同じ値に設定してから、もう一度起動してください。
