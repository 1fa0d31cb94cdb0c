# 未返信の一覧。

pending-none = 返信待ちはありません。クライアントのメッセージを転送するか、「制作会社A様 昨日 14:30」のように書いてください。
pending-title = **返信待ち { $count }件**
pending-title-conversations = **返信待ちのやり取り { $count }件**
pending-title-long-overdue = **1週間以上前に期限が切れたもの { $count }件**
pending-due = ⏳ 期限 { $at }（{ $counting }）
pending-due-overdue = ⚠️ 期限切れ（{ $counting }）
pending-contract-overdue = -# 連絡しないままにしないでください（相手が連絡催促を申請できます）。
pending-line = ⏳ { $counting } { $thread }
pending-line-overdue = ⚠️ { $counting } { $thread }
pending-more = ほか…
pending-choose = 記録する相手を選択…
pending-option = 期限 { $at }
pending-option-overdue = 期限切れ { $at }
pending-long-overdue = -# 1週間以上前に期限切れ: { $count }件
pending-show-long-overdue = 表示する
pending-dismiss-several = まとめて返信不要
pending-several-title = **返信不要にするものを選んでください。** 選ぶとすぐに記録します。あとで取り消せます。
pending-choose-several = 複数選べます…
pending-back = ← 一覧へ
pending-replied = ✅ { $thread }: { $at } に返信済み
pending-replied-late = ⚠️ { $thread }: { $at } に返信済み（遅れとして数えられます）
pending-dismissed = ✅ 返信不要にしました: { $threads }
pending-in-new-thread = ✅ 新規メッセージで送ったと記録しました: { $threads }
pending-undone = ↩️ 取り消しました: { $threads }
pending-follow-ups-many = { $names } など
pending-follow-ups = 🪤 **注意:** { $threads } — 返信待ちから外していますが、このやり取りでは相手の最後のメッセージにまだ返信していません。ここで追って送ると遅れとして数えられます。
    { $advice }

window-answered = このカードの受信には、{ $at } に返信済みです。何も変わっていません。
window-dismissed = このカードの受信は、すでに返信待ちから外してあります。何も変わっていません。
window-not-received = このカードのメッセージは、返信（送信）に訂正されています。何も変わっていません。
window-not-shown = このカードが知らせた受信は、もう返信待ちではありません。何も変わっていません。
window-open-now = いまの返信待ちはこちらです。

shown-open-short = { $thread } — { $at }（{ $counting }）
shown-newer-window = -# 最も古い未返信からの24時間は { $at } に過ぎました。上の期限は、そのあとに届いたメッセージから数えたものです。どちらから数えるかは公表されていません。
shown-closed-short = ⚠️ { $thread } — 期限切れ（{ $counting }）
shown-answered = ✅ { $thread } — { $at } に返信済み（{ $verdict }）
shown-answered-elsewhere = ✅ { $thread } — { $at } に返信済み
shown-request-ended = ✅ { $thread } — 連絡催促: { $at } に対応済み
shown-dismissed = ☑️ { $thread } — 返信不要にしました
shown-new-thread = 🧵 { $thread } — 新規メッセージで送りました
shown-sent = 📤 { $thread } — 自分の返信に訂正されています
shown-removed = ↩️ この記録は取り消されました
shown-snoozed = 🔔 { $at }（{ $left }）にもう一度お知らせします

as-of =（{ $at }の時点）
