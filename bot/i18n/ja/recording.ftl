# 控え、まとめた控え、質問、記録しなかった理由。

receipt-received = 📥 { $thread }からの受信
receipt-sent = 📤 { $thread }への返信
receipt-dismissed = 🔕 { $thread }: 返信不要にしました。リマインドはしません。あとでこのやり取りに返信すると、やはり数えられます。
receipt-new-thread = 🧵 { $thread }: 新規メッセージで送ったと記録しました。返信ではないため、返信率に影響しません。リマインドはしません。
receipt-undone = ↩️ 取り消しました: { $thread }、{ $at }。記録しなかったのと同じです。
receipt-repeated = _すでに記録済みです。二重には数えていません。_
receipt-corrected = _訂正しました。_
receipt-unchanged = _変更はありません。記録は元のままです。_
receipt-restored = _元に戻しました。_
receipt-at = { $at }
    -# { $read }
receipt-read = { $source }・{ $exactness }
receipt-due = 返信期限 { $at }（{ $left }）
receipt-closed = 24時間を過ぎています。このやり取りで返信すると遅れとして数えられます。**新規メッセージを作成**して送れば、返信率に影響しません。
receipt-closed-contract = -# 契約中の仕事なら、連絡しないままにしないでください。7日間連絡がないと、相手は連絡催促を申請できます。
receipt-counts-from-first = 期限は、未返信のうち最初のメッセージ（{ $at }）から数えます。
receipt-enter-client = 相手を入力…
receipt-newer-window = 相手の最新のメッセージから数えると、期限は { $at } です。どちらから数えるかは公表されていません。
receipt-reminders = 🔔 遅くとも { $times } までにお知らせします
receipt-reminders-sent = 🔔 この返信期限のリマインドは、すべてお届けしました。
receipt-muted = 🔕 この相手のリマインドは止めています（`/mute`）。
receipt-is-the-reminder = ⏰ 期限までに送れるリマインドはもうありません。**この控えがリマインドです。**
receipt-answered = 返信済みです。
receipt-verdict-on-time = ✅ 24時間以内（{ $span }）
receipt-verdict-late = ⚠️ 遅れ: 受信から{ $span }
receipt-verdict-ambiguous = ❔ 最も古い未返信から{ $span }、最新のメッセージからは24時間以内です。どちらから数えるかは公表されていないため、遅れとして数えます。
receipt-dismissed-contract = 🔕 { $thread }: 返信不要にしました。契約中のため、未返信のまま96時間になったら、連絡催促についてお知らせします。
receipt-dismissed-other-site = 🔕 { $thread }: 返信不要にしました。リマインドはしません。
receipt-contacted = ✅ { $thread }: 連絡催促に対応済みと記録しました。リマインドはしません。
receipt-contact-request = 📣 { $thread }: 連絡催促のお知らせ
receipt-request-ended = ✅ この連絡催促には対応済みです。
receipt-closed-other-site = 24時間を過ぎています。ランサーズ以外のやり取りのため、返信率に影響しません。
receipt-closed-in-contract = 契約中です。遅れても連絡してください。こちらから7日間連絡がない場合、相手は連絡催促を申請できます。その後168時間連絡がないと、サポートの確認のうえで仕事のキャンセルや支払いの確定になります。
receipt-counts-nowhere = 未返信のメッセージがなかったため、返信率に影響しません。
receipt-rate = 返信率 { $before } → { $after }{ $estimate }
receipt-which-client = **どなたからですか？** 記録済みで、リマインドも動いています。
receipt-which-thread = **どのやり取りですか？** 記録済みで、リマインドも動いています。
receipt-looks-final = 💬 **やり取りの締めのメッセージのようです。返信は不要ですか？** 決めるのはご自身です。不要にした場合、あとで送るときは**新規メッセージを作成**してください。24時間を過ぎてここで送ると遅れとして数えられます。
receipt-verdicts = 判定: { $before } → { $after }

correct-title = **何を訂正しますか？**
correct-received = 📥 { $thread }からの受信 · { $at }
correct-sent = 📤 { $thread }への返信 · { $at }
correct-time = 時刻
correct-client = 相手・やり取り
correct-to-sent = 向き: 自分の返信だった
correct-to-received = 向き: 相手からだった
correct-move = ほかのやり取りへ移す…

source-mail = メールの送信日時から
source-quoted = 転送メールの日時から
source-posted = Discord への投稿日時から
source-written = ご記入の時刻から
source-button = ボタンで記録
source-imported = 取り込んだファイルから

precision-second = 秒単位
precision-minute = 分単位
precision-about = おおよそ

question-time = { $client }からのメッセージと読めましたが、時刻がわかりません。**いつ届きましたか？** まだ記録していません。
question-replied-time = { $client }には、いつ返信しましたか？ 返信期限を過ぎているため、期限内の返信だったかを時刻で確かめます。まだ記録していません。
question-event = { $client }について、何を記録しますか？ まだ記録していません。
question-new-client-event = 新しい相手「{ $client }」からのメッセージですか？ **いつ届きましたか？** まだ記録していません。
question-client = **どなたからのメッセージですか？**（{ $at }）まだ記録していません。
question-replied-client = **どなたに返信しましたか？**（{ $at }）まだ記録していません。
question-new-client = 新しい相手「{ $client }」からのメッセージですか？（{ $at }）まだ記録していません。
question-new-client-near = 新しい相手「{ $client }」からのメッセージですか？（{ $at }）下に出ている相手のことなら、その相手を選んでください。まだ記録していません。
question-whose = 新しい相手「{ $client }」からのメッセージですか？（{ $at }）
question-whose-near = 新しい相手「{ $client }」からのメッセージですか？（{ $at }）下に出ている相手のことなら、その相手を選んでください。
question-replied-new-client = 新しい相手「{ $client }」への返信ですか？（{ $at }）まだ記録していません。
question-replied-new-client-near = 新しい相手「{ $client }」への返信ですか？（{ $at }）下に出ている相手のことなら、その相手を選んでください。まだ記録していません。
question-moment = { $client }からの受信 — **{ $at } のことですか？** 書かれた日付から推測した日時のため、確かめます。まだ記録していません。
question-replied-moment = { $client }への返信 — **{ $at } のことですか？** 書かれた日付から推測した日時のため、確かめます。まだ記録していません。
question-nothing-waits = { $client }からの返信待ちはありません。それでも返信（{ $at }）を記録しますか？ まだ記録していません。
question-dismissed-client = **どのやり取りが返信不要ですか？** まだ記録していません。
question-unclear = 読み取れない言葉があります。クライアントからのメッセージなら、**どなたからか選んでください。** 文面は保存しません。まだ記録していません。
question-unknown-mail = 内容を判断できないランサーズのメールです（{ $at }）。クライアントからのメッセージなら、**どなたからか選んでください。** まだ記録していません。
question-contact-request = 📣 **連絡催促**のお知らせです。168時間の期限があります。**いつ届きましたか？** まだ記録していません。
question-contract = 契約や仕事の開始についてのランサーズのメールです（{ $at }）。**どのやり取りを「契約中」にしますか？** まだ何も変えていません。
question-other-site = { $site }のメールです（{ $at }）。クライアントからのメッセージなら、リマインドできます。**返信率には入りません。** まだ記録していません。
question-start = 仕事の招待状です（{ $at }）。返信しなくても返信率に影響しません。返信する場合は、計測を始めてください。まだ記録していません。
question-badge = 認定ランサーに認定されたというお知らせです。**バッジを「認定済み」にしますか？**
question-thread = **どのやり取りへの返信ですか？** まだ記録していません。
question-answered = ☑️ この質問は終わりました。結果は下のメッセージにあります。
question-thread-none = { $client }への返信にあたるやり取りがありません。先に受信を記録してください（転送するか `/received`）。
question-trap = ⚠️ { $client }へのメッセージ（{ $at }）は、**遅れた返信として数えられます。** 相手の最後のメッセージは締めの挨拶か、返信不要にしたもので、24時間以上前です。**返信として記録しますか？** まだ記録していません。
question-trap-cost = 返信率 { $before } → { $after }{ $estimate }

badge-noted = 🏅 おめでとうございます。認定済みとして記録しました。

draft-not-recorded = 記録しない
draft-not-decided = いまは決めない
draft-remind-of-it = リマインドする…
draft-contract-began = 契約の開始だった
draft-new-client = 新しい相手「{ $client }」
draft-new-client-now = 新しい相手「{ $client }」: いま
draft-enter-time = 時刻を入力
draft-enter-received-time = 受信時刻を入力
draft-now = いま
draft-cancelled = 承知しました。何も記録していません。
draft-new-thread = 🧵 新規メッセージとのこと、承知しました。返信ではないため、返信率に影響しません。返信としては何も記録していません。

mail-review-figures = 現在の数値をお知らせするメールです。返信は不要です。本文は読んでいません。
mail-not-lancers = ランサーズ以外のメールです。記録していません。
mail-login-code = ログイン認証コードのメールです。保存も読み取りもしていません。このようなメールは誰にも転送せず、ここのメッセージも削除してください。

recording-message-gone = この記録は見つかりません。取り消されたか、移動・消去されています。何も変わっていません。`/history` でご確認ください。
recording-thread-gone = このやり取りは見つかりません。ほかのやり取りと結合されたか、消去されています。何も変わっていません。`/pending` でご確認ください。
recording-undone = 一度記録したあと取り消されているため、あらためて記録はしていません。記録する場合は、もう一度転送してください。

recording-draft-gone = この質問はもう受け付けていません。何も変わっていません。
recording-nothing-waits = このやり取りに返信待ちはありません。返信済みか、返信不要になっています。ほかの返信待ちは `/pending` でご覧ください。
recording-window-closed = 24時間を過ぎているため、これ以上のリマインドはありません。送る前に `/check` で確かめられます。
recording-time-missing = いつでしたか？ まだ記録していません。例:「昨日 14:30」
recording-future = { $at } は未来です。まだ記録していません。実際の日時を書いてください。例:「昨日 14:30」「3時間前」
recording-reply-before-received = それより前に、このやり取りで受信したメッセージの記録がないため、返信として記録できません。何も変わっていません。先に受信を記録してください。転送するか、`/received client:制作会社A at:昨日 14:30` のように入力してください。
recording-client-missing = どなたですか？ まだ記録していません。クライアント名を書いてください。例:「制作会社A様 昨日 14:30」
recording-not-a-message = 「返信不要」などの記録は訂正できません。何も変わっていません。取り消すことはできます。

menu-nothing = これはボットやシステムのメッセージなので、記録できません。クライアントとのメッセージを選んでください。
menu-notification = これはクライアントからのメッセージの通知なので、自分の返信としては記録できません。返信した日時は `/replied` か `/pending` のボタンで記録してください。

batch-title = 📥 **{ $count }件を受け取りました**
batch-waits = ・{ $thread } — 期限 { $at }（{ $left }）
batch-closed = ⚠️ { $thread } — 期限切れ { $at }（{ $left }）
batch-unsorted = ❓ { $thread }（{ $at }）**どなた・どのやり取りですか？** 記録済み、期限は{ $left }
batch-counted = ・{ $thread }（{ $at }）— { $counted }
batch-repeated = { $line } _（記録済み）_
batch-event = ❓ { $client } — 何を記録しますか？
batch-client = ❓ どなたからですか？（{ $at }）
batch-new-client = ❓ 新しい相手「{ $client }」ですか？（{ $at }）
batch-moment = ❓ { $client } — { $at } のことですか？
batch-nothing-waits = ❓ { $client } — 返信待ちがありません。それでも記録しますか？
batch-dismissed-client = ❓ どのやり取りが返信不要ですか？
batch-unknown-mail = ❓ 内容を判断できないランサーズのメール（{ $at }）— どなたからですか？
batch-unclear = ❓ 読み取れない文 — どなたからですか？
batch-contact-request = ❓ 連絡催促のお知らせ — **いつ届きましたか？** まだ記録していません
batch-contract = ❓ 契約や仕事の開始のメール（{ $at }）— どのやり取りですか？
batch-other-site = ❓ { $site }のメール（{ $at }）— リマインドしますか？
batch-time = ❓ { $client } — **いつ届きましたか？** まだ記録していません
batch-start = ❓ 仕事の招待状（{ $at }）— 返信する場合は計測を始めてください
batch-badge = ❓ 認定ランサー認可のお知らせ — **バッジを「認定済み」にしますか？**
batch-thread = ❓ { $client } — **どのやり取りへの返信ですか？** まだ記録していません
batch-trap = ❓ { $client } — **返信として数えますか？** まだ記録していません
batch-refused = ⚠️ { $reason }
batch-note = ・{ $note }
batch-more = … ほか { $count } 件
batch-choose = 確認・訂正するものを選択…

edited-message = ✏️ メッセージの編集を確認しました。記録は{ $thread }（{ $at }）のままです。編集後の内容に訂正しますか？
edited-choose = 訂正する内容を選択…
edited-time = 時刻を { $at } に訂正
edited-client = 相手を { $client } に訂正
