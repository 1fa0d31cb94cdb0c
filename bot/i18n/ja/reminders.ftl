# リマインドと「あとで」。タイミングとおやすみ時間の誤り。

reminder-title = ⏰ **返信待ちが{ $count }件あります**{ $overdue ->
    [0] {""}
   *[other] （うち{ $overdue }件は期限切れ）
}
reminder-title-conversations = ⏰ **返信待ちのやり取りが{ $count }件あります**{ $overdue ->
    [0] {""}
   *[other] （うち{ $overdue }件は期限切れ）
}
reminder-overnight = 🌙 **おやすみ中か、そのあとすぐに{ $count }件の期限が来ます**
reminder-morning = ☀️ **今日が返信期限のやり取り**
reminder-tonight = 🌙 **今夜**（おやすみの前にもう一度お知らせします）: { $threads }{ $others ->
    [0] {""}
   *[other] … ほか{ $others }件
}
reminder-tonight-separator = 、
reminder-late = _停止していたため、{ $span }遅れてお届けしています。_
reminder-closed-title = ⌛ **24時間を過ぎたもの: { $count }件**
reminder-closed-title-conversations = ⌛ **24時間を過ぎたやり取り: { $count }件**
reminder-done-title = ✅ **このお知らせの返信待ちは、すべて済んでいます**
reminder-open = { $thread } — 返信期限 { $at }（{ $counting }）
reminder-closed = ⚠️ { $thread }: 期限 { $at } を過ぎました。ここで返信すると遅れとして数えられます。**新規メッセージを作成**して送れば、返信率に影響しません。契約中の仕事では、連絡しないままにしないでください（相手が連絡催促を申請できます）。
reminder-closed-contract = ⚠️ { $thread }（契約中）: 期限 { $at } を過ぎました。ここで返信すると遅れとして数えられますが、連絡しないままにしないでください。7日間連絡がないと、相手は連絡催促を申請できます。
reminder-closed-other-site = ⌛ { $thread }（ランサーズ以外）: 24時間（{ $at }）を過ぎました。返信率に影響しません。

contract-unanswered-title = 📄 **契約中の仕事: 96時間返信していません**
contract-client-silent-title = 📄 **契約中の仕事: 相手から7日間返信がありません**
contract-contact-request-title = 📣 **連絡催促への対応がまだです**
contract-unanswered = 契約中の仕事で連絡がないまま7日たつと（{ $at }、{ $left }）、相手は**連絡催促**を申請できます。申請されると168時間の期限が付き、それまでに連絡しないと、サポートの確認のうえで仕事のキャンセルや支払いの確定になり、低い評価が付きます。
contract-unanswered-plain = { $thread }（契約中）: 相手のメッセージに96時間返信していません。返信不要でも、7日間連絡がないと、相手は**連絡催促**を申請できます。申請されると168時間の期限が付き、それまでに連絡しないと、サポートの確認のうえで仕事のキャンセルや支払いの確定になり、低い評価が付きます。
contract-client-silent-plain = { $thread }（契約中）: こちらのメッセージに7日以上返信がありません。**連絡催促**を申請できます。申請すると、ランサーズが相手に168時間以内の連絡を求めます。
contact-request-open = 📣 { $thread } — **連絡催促**の期限 { $at }（{ $left }）。それまでに、このやり取りで連絡してください。返信率とは別の期限です。
contact-request-over = 📣 { $thread } — **連絡催促**の期限 { $at } を過ぎました。すぐに連絡し、ランサーズのサポートにも相談してください。
contract-noted = 📄 { $thread }を「契約中」にしました。取り消しは `/history` からできます。
contract-which-thread = 同じ名前のやり取りが複数あります。まだ何も変えていません。仕事・やり取りの名前も入力してください。
contact-request-ended = この連絡催促には対応済みです。何も変わっていません。
thread-under-contract = 📄 契約中
thread-other-site = 🏷️ ランサーズ以外（返信率には入りません）
thread-unmarked = 「契約中」ではありません
reminder-others = … ほか{ $count }件。`/pending` ですべて表示します。
reminder-all = -# ほかの返信待ちも見る: `/pending`

snooze-too-late = 期限が近いため、もう一度のお知らせはできません。
snooze-when = **いつもう一度お知らせしますか？**

reminders-lead-time-unreadable = 「{ $written }」をリマインドのタイミングとして読み取れませんでした。設定は変わっていません。例: 12h,4h,1h または 1時間30分。不要なら「なし」と書いてください。
reminders-lead-time-range = リマインドのタイミングは1分以上、24時間より短くしてください。「{ $written }」は範囲の外です。設定は変わっていません。
reminders-lead-times-many = リマインドのタイミングは{ $most }個までです（ご指定は{ $count }個）。設定は変わっていません。
reminders-quiet-hours-unreadable = 「{ $written }」をおやすみ時間として読み取れませんでした。設定は変わっていません。例: 23:00-07:00。不要なら「なし」と書いてください。
reminders-quiet-hours-no-span = おやすみ時間の始まりと終わりは別の時刻にしてください（「{ $written }」は同じ時刻です）。設定は変わっていません。
reminders-snooze-closed = この返信期限はすでに過ぎているため、もう一度のお知らせはできません。何も変わっていません。
reminders-snooze-after-close = その時刻は返信期限のあとになるため、お知らせできません。何も変わっていません。
