# 起動を止める環境変数と .env の誤り。

setting-edition = DEFAULT_EDITION={ $written } という基準の年はありません。2016、2020、2022、2024 のどれかを書いてください。
setting-timezone = DEFAULT_TIMEZONE={ $written } というタイムゾーンはありません。例: Asia/Tokyo
setting-lead-times = DEFAULT_LEAD_TIMES={ $written } を読めません。例: 12h,4h,1h
setting-quiet-hours = DEFAULT_QUIET_HOURS={ $written } を読めません。例: 23:00-07:00、または空欄
setting-choice = { $name }={ $written } は使えません。{ $allowed } のどれかを書いてください。
setting-url = { $name }={ $written } はアドレスではありません。例: { $example }
setting-folder = { $name }={ $written } は使えません。フォルダーのパスを、引用符なしで全部書いてください。~ や $HOME は使えません。
setting-seconds = { $name }={ $written } は使えません。0 から { $most } までの秒数を、1.5 のように書いてください。
setting-whole = { $name }={ $written } は使えません。{ $least } 以上の整数を書いてください。
setting-whole-most = { $name }={ $written } は大きすぎます。{ $most } 以下の整数を書いてください。
setting-no-folder = 実行したフォルダーがなくなっています。.env のあるフォルダーに移って、もう一度実行してください。
setting-port = { $name } は 1 から { $highest } までの番号にしてください（いまは { $written }）。空にするとメトリクスは無効です。
setting-mail-address = { $name } は box@example.jp のようなメールボックスのアドレスにしてください（いまは { $written }）。+ は入れません。会員ごとの部分が + の後に付きます。
setting-host = { $name } は imap.example.jp や imap.example.jp:993 のような、サーバー名と（必要なら）ポート番号にしてください（いまは { $written }）。
setting-domains = { $name } は lancers.jp,lancers.co.jp のように、ドメインをカンマで区切って書いてください（{ $written } はドメインではありません）。
setting-mail-login = { $name } に、メールサーバーへ送れない文字があります。送れるのは半角の英数字と記号だけです。コピーした空白は別の文字のことがあるので、打ち直してください。
setting-mail-incomplete = { $name } が設定されていません。ほかのメールボックスの設定に必要です。設定するか、メールを読まないなら MAIL_… をすべて空にしてください。
setting-lmtp-refused = MAIL_LMTP={ $address } を開けません（{ $reason }）。空いているポート、または既にあって書き込めるフォルダー内のソケットのパスを指定してください。
setting-mail-ca-file = { $name } に指定された { $path } を使えません（{ $reason }）。パス、読み取りの権限、中身が証明書（PEM）であることを確認してください。
setting-token-missing = DISCORD_TOKEN が設定されていません。.env にボットのトークンを書くか、Discord なしで試してください: { -command } rehearse
setting-token-shape = DISCORD_TOKEN に、空白や引用符など、トークンでは使われない文字があります。引用符や Bot という語を付けず、トークンだけを書いてください。
setting-env-unreadable = .env を読めません（{ $reason }）。このユーザーが読める UTF-8 のテキストか確認してください。
setting-env-long = .env が{ $most }文字を超えているので読みませんでした。設定だけを書いてください。
setting-env-line = .env の{ $line }行目を読めません。名前=値 の形で書くか、先頭に # を付けてください。
setting-env-unknown = .env の { $name } という設定はありません。{ $near } のことですか？ 全部の説明は .env.example にあります。
setting-env-emptied = .env の { $name } は{ $first }行目に値がありますが、{ $second }行目では空になっていて、そちらが有効になります。どちらかの行を削除してください。
setting-environment-unknown = 環境変数 { $name } は、このプログラムの設定にありません。{ $near } のことですか？
setting-secret-twice = { $name } と { $name }_FILE の両方が設定されています。どちらか一方だけにしてください。
setting-secret-unreadable = { $name }_FILE の { $path } を使えません: { $reason }。パスと、このユーザーが読めるかを確認してください。
setting-secret-shape = { $name }_FILE の { $path } の中身が1行の文字列ではありません。値だけを1行で書いてください。
setting-secret-line = { $name } に改行などの制御文字があります。値だけを1行で書いてください。
