# /mail: お知らせメールが自動で届くアドレスと、その控え。

mail-choose =
    ### 📬 お知らせメールを自動で記録
    ランサーズのお知らせをあなた専用のアドレスへ転送すると、届いたメッセージが自動で記録されます。
    お使いのメールはどれですか？
mail-box-gmail = Gmail
mail-box-outlook = Outlook.com
mail-box-yahoo = Yahoo!メール
mail-box-icloud = iCloud メール
mail-box-other = ほかのメール
mail-guide-title =
    ### 📬 { $mailbox }
    あなた専用のアドレス（長押しでコピー）:
mail-guide-gmail =
    1. ブラウザで mail.google.com を開きます。Gmail アプリでは設定できません。スマホでは、ブラウザのメニューでパソコン用の表示に切り替えてください（項目の名前はブラウザによります）。
    2. 歯車 →「すべての設定を表示」→「メール転送と POP/IMAP」→「転送先アドレスを追加」に、上のアドレスを入れます。
    3. Gmail が上のアドレスに確認メールを送ります。コードとリンクをここに届けるので、リンクを押すか、コードを入れてください。
    4. 検索ボックスの条件で、From に `lancers.co.jp` と入れてフィルタを作成し、「次のアドレスに転送する」で上のアドレスを選びます。
mail-guide-outlook =
    1. ブラウザで outlook.com を開き、設定で受信メールのルールを追加します。
    2. 条件: 送信元に `lancers.co.jp` を含む。
    3. 動作: 上のアドレスに転送する。
    画面での手順は確認できていません。下のページはプログラム向けで、送信元を条件に転送するルールが例として載っているだけです。
mail-guide-yahoo =
    1. ブラウザで Yahoo!メールの設定を開き、転送の設定を探します。
    2. 条件を付けられるなら、送信元に `lancers.co.jp` を含むメールだけにします。
    3. 転送先に上のアドレスを入れます。
    転送できるか、画面がどうなっているかは、確認できていません。できないときは、お知らせをここへ転送する方法をお使いください。
mail-guide-icloud =
    1. ブラウザで icloud.com/mail を開きます。メールボックス一覧の上のボタン →「設定」→「ルール」→ 追加。
    2. 条件: 送信元のドメイン `lancers.co.jp`。
    3. 動作: 上のアドレスに転送。
    新しいルールが効くまで、最大15分かかることがあります。
mail-guide-other =
    1. メールの設定で、転送・フィルタ・ルールのどれかを開きます。
    2. 条件: 送信元に `lancers.co.jp` を含む。
    3. 動作: 上のアドレスに転送。元のメールは残す設定にします。
mail-guide-checked = メール会社のページ（{ $day } に写しか引用で確認）: <{ $page }>
mail-guide-unchecked = この手順は、メール会社のページでは確認していません。
mail-guide-secret =
    お知らせは `lancers.co.jp` から届きます（以前は `lancers.jp` からも）。条件を足せるなら、両方を入れてください。
    このアドレスを知っている人は、あなたの記録に書き込めます。人に見せないでください。設定したら「テスト」で確かめられます。

mail-title = ### 📬 お知らせメールの自動記録
mail-last = 最後のメールは **{ $ago }**、今月は{ $count }通。
mail-last-none = まだメールは届いていません。「手順」でアドレスと設定のしかたを見られます。
mail-missing = ⚠️ { $days }日間メールがありませんが、その間に{ $replies }件返信しています。転送の設定を確かめてください。
mail-missing-first = ⚠️ アドレスを作ってから2日以上たちましたが、まだ1通も届いていません。転送の設定を確かめてください。
mail-paused = ⏸️ { $since } から停止中です。届いたメールは記録せずに捨てます。
mail-guide = 手順
mail-test = テスト
mail-pause = 一時停止
mail-resume = 再開
mail-new-address = 新しいアドレス
mail-remove = やめる
mail-new-address-question = 新しいアドレスに替えますか？ いまのアドレスはすぐに使えなくなります。メールの転送先も入れ直してください。
mail-new-address-confirm = 新しくする
mail-renewed = ✅ アドレスを新しくしました。前のアドレスはもう使えません。転送先を入れ直してください。
mail-remove-address-question = 自動記録をやめますか？ アドレスはすぐに使えなくなります。記録済みのものは残ります。
mail-remove-address-confirm = やめる
mail-removed = 自動記録をやめました。メールの転送の設定も消しておいてください。また始めるときは `/mail` です。
mail-unavailable = このボットには、メールを受け取るアドレスがありません。`/mail` で、いま使える方法を見られます。
mail-test-paused = いまは一時停止中です。「再開」を押してから、もう一度お試しください。

mail-test-started =
    ### 🔎 テスト（{ $until } まで）
    下のアドレスに、何か1通送るか転送してください。何が届いたかを、数秒でここのダイレクトメッセージにお知らせします。
mail-test-waits = 🔎 テスト中です（{ $until } まで）。何か1通送ってください。
mail-test-received = 📬 テストのメールが届きました。送信元: { $sender }
mail-test-unnamed = 不明
mail-test-signed = ✅ ランサーズの電子署名を確かめられました。
mail-test-unsigned = ▫️ ランサーズの電子署名は付いていません。
mail-test-recorded = ✅ { $count }件を記録しました。
mail-test-asked = ❔ { $count }件は、お尋ねしてから記録します。
mail-test-nothing = ランサーズのお知らせは入っていませんでした。テストならこれで大丈夫です。アドレスは使えています。

mail-confirm =
    ### 📮 転送の確認
    { $requester } が、あなた専用のアドレスへの転送を求めています。**ご自身で設定したときだけ**、確認してください。
mail-confirm-unnamed = 名前のわからないメールボックス
mail-confirm-next = リンクを押すか、コードをメールの設定画面に入れてください。このボットですることはありません（ボットはリンクを開きません）。
mail-confirm-link = 転送を許可する

mail-path-confirmed = ✅ ランサーズからのメールとして覚えました。同じ経路のメールは、これから印を付けません。
mail-confirmed-already = このメールは、もう確認済みか取り消し済みです。何も変わっていません。

receipt-unconfirmed = 🏷️ **未確認** — ランサーズからのメールか、まだ確かめられていません。
batch-unconfirmed = 🏷️ **未確認 { $count }件** — ランサーズからのメールですか？

mail-bridge =
    ### 📬 お知らせメールを自動で記録
    このボットには、メールを直接受け取るアドレスがありません。ご自身のサーバーの**受信箱チャンネル**と Gmail のスクリプトで、同じことができます。
    1. ご自身のサーバーにこのボットを追加し、ほかの人が見ないチャンネルを作ります。
    2. チャンネルの設定 → 連携サービス → ウェブフック → 新しいウェブフック → **ウェブフック URL をコピー**。人に見せないでください。
    3. そのチャンネルで `/inbox set` を使います。答えにボットの ID が書かれています。
    4. script.google.com で新しいプロジェクトを作り、中身を docs/mail-bridge.gs に置き換えます。
    5. プロジェクトの設定のスクリプト プロパティに、`WEBHOOK_URL`（手順2）と `BOT_ID`（手順3）を追加します。
    6. 関数 `install` を一度だけ実行して許可します。5分ごとに投稿されます。
    -# くわしくは docs/mail-bridge.md
mail-bridge-waits = 📮 { $channel } を待っています。お知らせが投稿されると、控えがダイレクトメッセージに届きます。
