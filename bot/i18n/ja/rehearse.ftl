# リハーサル: ミカさんのすること、端末の説明。

rehearse-title = リハーサル: フリーランスのミカさんと Nintei の一日。このマシンの中だけで動きます。
rehearse-time = ── { $at } ──
rehearse-member = ミカ
rehearse-bot = Nintei
rehearse-only-you = （あなただけに表示）
rehearse-forwards = { $at } にメール連携が投稿した通知を転送:
rehearse-forwards-message = { $at } にクライアントが投稿したメッセージを転送:
rehearse-presses = [ { $label } ] を押す
rehearse-chooses = 「{ $label }」を選ぶ
rehearse-fills = フォームに記入: { $written }
rehearse-end = Nintei との一日でした。自分で試す: { -command } rehearse --interactive ／ Discord で使う: README.md
rehearse-mail-subject = [ランサーズ] 制作会社A さんから ロゴ制作 のコメントが届いています
rehearse-client-message = 修正案はいつ頃いただけますか？
rehearse-client = スタジオB
rehearse-job = バナー
rehearse-line = デザイン事務所C様 昨日 15:30
rehearse-help = ボットへ書くか、/status · /fee amount:50000 · /pending · /received client:制作会社A at:"昨日 14:30" · forward 文章
    · !ラベル または !番号 でボタンを押す · +10m +1h +6h で時計を進める · next で次のリマインドまで · quit
rehearse-no-reminder = 予定されたリマインドはありません。
rehearse-cannot = できません: { $reason }
rehearse-options = [{ $placeholder }: { $options }]
