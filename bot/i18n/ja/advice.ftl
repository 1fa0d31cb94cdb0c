# 返信が数えられるか、不在中に切れる期限、まとめ。

advice-late = -# いまこのやり取りで返信すると { $change }{ $margin }。**新規メッセージを作成**して送れば { $before } のまま。
advice-reply = いま返信すると { $change }{ $margin }
advice-neutral = 返信率が変わらない方法は2つ: **新規メッセージを作成**して送る、または**返信しない**。
advice-dismissed = 返信待ちから外していますが、このやり取りでは相手のメッセージにまだ返信していません。ここで送るとそれへの返信として判定されます。返信率が変わらない方法は2つ: **新規メッセージを作成**して送る、または**返信しない**。

advice-contract = 契約中の仕事です。遅れても連絡してください。こちらから7日間連絡がない場合、相手は**連絡催促**を申請できます。**新規メッセージを作成**して送れば、返信率に影響しません。
check-card-overdue-other-site = ⌛ { $thread }: 24時間は { $at } に過ぎました。返信率に影響しません。
check-card-nothing-waiting-other-site = ✅ { $thread }: 未返信のメッセージはありません。
away-worst-case-contract = すべて戻ってから返信した場合（最悪）: { $change }{ $margin }。
away-overdue-contract = すでに期限切れが{ $count }件あります。契約中のやり取りは、遅れても返信してください。ほかは、**新規メッセージを作成**して送れば返信率に影響しません。
away-over-a-day-contract = ⚠️ 24時間を超える不在です。その間に届いたメッセージは、見ないまま期限を過ぎることがあります。あとで**新規メッセージを作成**して送れば、返信率に影響しません。
away-contract = 📄 契約中の仕事では、7日間連絡がないと、相手は**連絡催促**を申請できます。不在の前に、そのことを相手に伝えてください。
check-client-missing = どなたですか？ クライアント名を書くか、候補から選んでください。
check-nobody = { $client }とのやり取りは記録にありません。受信したメッセージがあれば、先に転送するか `/received` で記録してください。
check-ambiguous = ❔ 相手の最新のメッセージからは、まだ24時間以内です。どちらから数えるかは公表されていないため、最も古い未返信から数えています。
check-off-list = 返信待ちから外してあります。
check-card-open = ⏰ { $thread }: まだ間に合います。返信期限は { $at }（{ $left }）です。
check-card-overdue = ⚠️ { $thread }: 24時間は { $at } に過ぎました。このやり取りで返信すると遅れとして数えられます。
check-card-nothing-waiting = ✅ { $thread }: 未返信のメッセージはありません。送っても返信率に影響しません。

check-unassigned = どのやり取りのメッセージかは、まだ選ばれていません: `/pending`

away-title = **{ $leaves } から { $returns } まで不在**
away-ends-with-day = 最後の日は、一日中不在として計算しました。
away-closing = { $count ->
    [1] **この間に1件の期限が来ます。** 出発前に返信してください。
   *[other] **この間に{ $count }件の期限が来ます。** 出発前に、この順で返信してください。
}
away-line = { $place }. { $thread }: 期限 { $at }
away-worst-case = すべて戻ってから返信した場合（最悪）: { $change }{ $margin }。返信しなければ { $before } のまま。
away-nothing = ✅ この間に来る返信期限はありません。
away-overdue = すでに期限切れが{ $count }件あります。返信率に影響しないのは、**新規メッセージを作成**して送るか、**返信しない**場合だけです。
away-over-a-day = ⚠️ 24時間を超える不在です。その間に届いたメッセージは、見ないまま期限を過ぎることがあります。返信しないか、あとで**新規メッセージを作成**して送れば、返信率に影響しません。
away-order = 戻り（{ $returns }）が出発（{ $leaves }）より後になっていません。`開始`、`終了` の順に書いてください。
away-range = { $leaves } から { $returns } は、これからの不在ではありません。戻る日時が未来で、長さが1年以内の期間を書いてください。

digest-title = **{ $since } からのまとめ**
digest-rate = 過去1年の返信率: **{ $rate }** ({ $counted }){ $estimate }
digest-rate-few = 過去1年の返信: { $replies }件。返信率は{ $minimum }件から計算します。
digest-slack = { $slack ->
    [0] 余裕なし: 次に遅れると基準を下回ります
   *[other] 余裕: 遅れ{ $slack }件まで
}
digest-needed = 24時間以内の返信があと{ $needed }件必要
digest-rank = 🎖️ 前回のまとめからランクが変わりました: **{ $before }** → **{ $after }**
digest-no-replies = この間に返信はありません。
digest-median = { $count ->
    [1] 返信1件、受信から { $span }
   *[other] 返信{ $count }件、中央値 { $span }
}
digest-slowest = 最も時間がかかった相手: { $client }（中央値 { $span }）
digest-near-misses = ⏰ 期限まで1時間を切ってからの返信が{ $count }件: { $threads }
digest-waiting = 返信待ちが{ $count }件あります — `/pending`
digest-waiting-conversations = 返信待ちのやり取りが{ $count }件あります — `/pending`
digest-off = -# 頻度の変更: `/settings まとめ`
