# 履歴: 記録、数え方の理由、訂正。

history-none = まだ何も記録されていません。クライアントのメッセージを転送するか、「制作会社A様 昨日 14:30」のように書いてください。
history-title = **記録 { $count }件（新しい順）**
history-entry = { $what }
    -# { $at } · { $why }
history-received = 📥 { $thread }
history-sent = 📤 { $thread }
history-dismissed = 🔕 { $thread }
history-new-thread = 🧵 { $thread }
history-contact-request = 📣 { $thread }
history-contacted = ✅ { $thread }
history-last = -# 直前の操作: { $what }、{ $at }

reason-on-time = 24時間以内: { $asked } の受信から{ $span }
reason-late = 遅れ: { $asked } の受信から{ $span }
reason-ambiguous = 遅れとして計上: 最も古い未返信（{ $asked }）から{ $span }、最新（{ $newest }）からは24時間以内。どちらから数えるかは公表されていません。
reason-waiting = 返信待ち、期限 { $due }。
reason-dismissed = 返信待ちから外しました。このやり取りで返信するとやはり判定されます（期限 { $due }）。
reason-dismissed-other-site = 返信待ちから外しました。ランサーズ以外のやり取りのため、返信しても返信率に影響しません。
reason-nowhere = 返信率に影響しません。
reason-dismissal = 返信ではないため、返信率に影響しません。

verdict-on-time = 24時間以内
verdict-late = 遅れ
verdict-ambiguous = 遅れ（解釈による）
verdict-waiting = 返信待ち
verdict-dismissed = 返信不要
verdict-nowhere = 返信率に影響なし
verdict-dismissal = 返信ではない

verdicts = 24時間以内 { $on_time }件・遅れ { $late }件{ $ambiguous ->
    [0] {""}
   *[other] （うち解釈による{ $ambiguous }件）
}

step-recorded = 記録
step-time = 時刻の訂正
step-direction = 送受信の訂正
step-moved = 移動
step-split = 分割
step-merged = 結合
step-deleted = 削除
step-restored = 取り消しの取り消し
step-marked = 「契約中」「ランサーズ以外」の変更
step-imported = 取り込み

edit-merged = 🔗 { $count }件を結合しました: { $threads }
edit-split = ✂️ { $count }件を分割しました: { $threads }
edit-undone = ↩️ 「{ $what }」を元に戻しました{ $count ->
    [0] {""}
   *[other] （{ $count }件）
}: { $threads }
edit-verdicts = このやり取りの判定: { $before } → { $after }
edit-nothing-to-split = やり取りの最初のメッセージなので、分けるものがありません。何も変わっていません。
edit-nothing-to-merge = 結合できるほかのやり取りがありません。何も変わっていません。
edit-too-many-parts = このやり取りは何度も分割されています。メッセージを別の名前のやり取りへ移してください。
edit-nothing-to-undo = 元に戻せる変更がありません。何も変わっていません。
edit-step-gone = この操作はすでに元に戻したか、あとに別の操作があります。何も変わっていません。`/history` をご覧ください。
edit-begins = 元に戻しています…
edit-undone-before = 直前の操作は「{ $what }」です。それを元に戻しますか？ まだ何も変えていません。ほかの操作は `/history` から直せます。
edit-take-back = 元に戻す
