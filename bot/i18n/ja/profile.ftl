# メンバー自身の申告: プロフィール、目標、ランサーズに表示された数値。

profile-title = **ランサーズのプロフィール { $filled } / 9**
profile-line = { $mark } { $item }（{ $day }）
profile-login = 🔑 最終ログイン: { $day }
profile-none = 👇 記入済みの項目を下から選んでください。
profile-confirm = 変わりなし（今日確認）
profile-choose = 記入済みの項目を選択
profile-self-introduction = 自己紹介文
profile-photo = プロフィール写真
profile-display-name = 表示名
profile-career = 経歴資格
profile-skills = スキル
profile-identity = 本人確認
profile-confidentiality = 機密保持確認
profile-phone = 電話確認
profile-lancers-check = ランサーズチェック

confirmed-on = { $day } 確認
confirmed-outdated = { $day } 確認・古いため要確認

goal-none = 目標が未設定です。上位20 %のラインは公表されていないため、獲得報酬は不明のままです。自分の見積もりを設定できます: `/goal category:Web line:1,000,000 source:…`
goal-line = 🎯 { $category }: 年 { $line }（{ $day }）
goal-all = すべてのカテゴリ
goal-source = 根拠: { $source }
goal-no-source = 根拠を `source:` に残しておくと、あとで見直せます。
goal-about = -# ラインは公表されていません。ご自身の見積もりとして表示します。
goal-line-missing = 金額を `line:` に書いてください。目標は変わっていません。例: `line:1,000,000`

form-goal-category = おもなカテゴリ（空欄はすべて）
form-goal = 目標のライン（自分の見積もり）
form-displayed = ランサーズに表示されている数値
calibrate-replies-unreadable = 「{ $written }」は返信数として読めません。何も記録していません。例: 40
calibrate-none = まだ記録がありません。ランサーズに表示されている数値を教えてください。例: `/calibrate reply_rate:92.5 replies:40`
calibrate-title = **ランサーズの表示**（{ $day }）
calibrate-figure = { $name }: **{ $value }**
calibrate-figure-of = { $line }（{ $day }）
calibrate-replies = 返信数
calibrate-recorded = 同じ1年の記録: 返信{ $replies }件（うち24時間以内 { $on_time }件。最新のメッセージから数えると { $newest }件）
calibrate-now = いまの返信率: { $rate }{ $estimate }
calibrate-both = ✅ どちらの数え方でも一致します。
calibrate-oldest = ✅ **最も古い**未返信から数えると一致し、最新からでは一致しません。
calibrate-newest = ❗ **最新**のメッセージから数えると一致し、最も古い未返信からでは一致しません。
calibrate-neither = ❗ どちらの数え方でも一致しません。記録に誤りか漏れがあります（`/history`）。
calibrate-unseen = ランサーズの表示には、こちらの記録にない **{ $count }件の返信** が含まれています。それらが過去1年から外れるまで、返信率はすべて、これらを含む推定値とその幅で表示します。
calibrate-too-many = ランサーズが数えていない **{ $count }件の返信** が、こちらの記録にあります。`/history` でご確認ください。
calibrate-nothing = 比べられるものがまだありません。返信が記録されると、ここで比べます。
calibrate-impossible = 返信{ $replies }件で { $rate } % にはなりません。近いのは、{ $replies }件なら { $nearest_rate } %、{ $rate } % なら { $nearest_replies }件です。どちらが表示されていますか？ 返信率と返信数をあわせて入力してください。何も記録していません。
calibrate-future = { $day } は未来の日付のため、記録していません。表示を見た日を書いてください。
calibrate-evaluation = 「{ $written }」は星の数として読めません。何も記録していません。例: 4.9
