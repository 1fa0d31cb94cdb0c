# はじめの案内と、メッセージの届け方の説明。

start-title =
    ### 👋 Nintei です
    24時間の返信期限の前にお知らせします。返信したら、ボタンを1回。
    -# 保存するのは相手の名前や時刻などで、本文は保存しません。
start-rules = **1. どの基準で見ますか？**
start-rules-line = { $chosen ->
        [yes] ✅ **{ $edition }**: { $about }
       *[no] ▫️ **{ $edition }**: { $about }
    }
start-rules-in-force = **今日の審査はこちら**（利用者の記事）。
start-rules-default = 選ぶまではこちらで見ます。
start-methods = **2. メッセージをどう届けますか？**
start-method-mail = メールで自動
start-method-forward = 転送
start-method-typed = 書き込み
start-method-chosen = ✅ { $method }
start-more = ほかの基準の年・設定 `/settings` · 使い方 `/help`
start-to-mail = メールの設定
start-check = 届いたか確かめる
start-back = ← 戻る

start-guide-mail =
    ### ✅ メールで自動
    このボットには、メールを直接受け取るアドレスがまだありません。いま使えるのは**受信箱チャンネル**です。
    1. ご自身のサーバーにこのボットを追加し、ほかの人が見ないチャンネルを作ります。
    2. そのチャンネルで `/inbox set` を使います。
    3. Gmail に届くお知らせを、スクリプトで自動的にそこへ投稿させます（手順は docs/mail-bridge.md）。
    投稿のたびに記録され、控えとリマインドはここに届きます。
start-guide-mailbox =
    ### ✅ メールで自動
    ランサーズのお知らせメールを、あなた専用のアドレスへ転送するだけです。
    届くたびに記録され、控えとリマインドはここに届きます。
    「メールの設定」でアドレスと手順を見られます（いつでも `/mail`）。
start-guide-forward =
    ### ✅ 転送
    クライアントのメッセージやお知らせを長押しし、「転送」で Nintei を選びます。
    お知らせメールは、`.eml` ファイルの添付や貼り付けでも読みます。
    控えが届けば記録済みです。返信したら「いま返信した」を1回押してください。
start-guide-typed =
    ### ✅ 書き込み
    人に話すように、1行書くだけです。
    届いたとき: 「制作会社A様 昨日 14:30」「さっき田中さんから連絡」
    返信したとき: 「田中さんに返信しました」
    返信しないとき: 「高橋さん返信不要」
    読み取れないところがあれば、記録せずにボタンで尋ねます。
start-seen-mailbox = 📬 最後のメールが届いたのは **{ $ago }** です。
start-seen-mailbox-none = 📬 メールはまだ届いていません。
start-seen-mail = 📮 { $channel } に最後のお知らせが届いたのは **{ $ago }** です。
start-seen-mail-none = 📮 { $channel } には、まだお知らせが届いていません。
start-seen-mail-unset = 📮 受信箱チャンネルはまだ設定されていません。
start-seen-forward = 📨 最後に届いた転送・メール: { $name }（**{ $ago }**）
start-seen-forward-none = 📨 転送もメールもまだ届いていません。1通転送してから、下のボタンを押してください。
start-seen-typed = ✍️ 最後に書き込まれた記録: { $name }（**{ $ago }**）
start-seen-typed-none = ✍️ 書き込みからの記録はまだありません。1行書いてから、下のボタンを押してください。
