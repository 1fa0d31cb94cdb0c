# 未返信の一覧。

pending-none = 返信待ちはありません。クライアントのメッセージを転送するか、「制作会社A様 昨日 14:30」のように書いてください。
pending-title = **返信待ち { $count }件**
pending-open = { $thread }
    受信 { $since } · 期限 { $at }（{ $counting }）
pending-overdue = ⚠️ { $thread }
    受信 { $since } · 期限切れ { $at }（{ $counting }）
pending-follow-ups = 🪤 **注意:** { $threads } — 返信不要にしましたが、相手の最後のメッセージは未返信です。ここで追って送ると遅れとして数えられます。
    { $advice }

window-answered = このカードの受信には、{ $at } に返信済みです。何も変えていません。
window-dismissed = このカードの受信は「返信不要」になっています。何も変えていません。
window-not-received = このカードのメッセージは、返信（送信）に訂正されています。何も変えていません。
window-not-shown = このカードが知らせた受信は、もう返信待ちではありません。何も変えていません。
window-open-now = いまの返信待ちはこちらです。

shown-open-short = { $thread } — { $at }（{ $counting }）
shown-closed-short = ⚠️ { $thread } — 期限切れ { $at }
shown-answered = ✅ { $thread } — { $at } に返信済み（{ $verdict }）
shown-dismissed = 🔕 { $thread } — 返信不要にしました
shown-new-thread = 🧵 { $thread } — 新規メッセージで送りました
shown-sent = 📤 { $thread } — 自分の返信に訂正されています
shown-removed = ↩️ この受信は取り消されました
shown-snoozed = 🔔 { $at }（{ $left }）にもう一度お知らせします
