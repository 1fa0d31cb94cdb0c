# メンバー自身の申告: プロフィール、目標、ランサーズに表示された数値。

profile-title = **ランサーズのプロフィール { $filled } / 9**
profile-line = { $mark } { $item }（{ $day }）
profile-login = 🔑 最終ログイン: { $day }
profile-none = 👇 記入済み・認証済みの項目を下から選んでください。
profile-confirm = 変わりなし（今日確認）
profile-choose = 項目を選択…
profile-rank-title = **ランクの条件**
profile-rank = ランサーズに表示されているランク: { $rank }
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

goal-none = 目標が未設定です。上位20 %のラインは公表されていないため、獲得報酬額は不明のままです。カテゴリごとに、自分の見積もり（手数料を引く前の契約金額の合計）を設定できます: `/goal カテゴリ:Web ライン:1,000,000 根拠:…`
goal-line = 🎯 { $category }: 年 { $line }（{ $day }）
goal-all = すべてのカテゴリ
goal-source = 根拠: { $source }
goal-no-source = 見積もりのもとを `根拠:` に残しておくと、あとで見直せます。
goal-about = -# ラインは公表されていません。ご自身の見積もりとして表示します。追加・変更: `/goal カテゴリ:… ライン:…`、削除: `/goal カテゴリ:… 削除:True`
goal-before-fees = -# 金額は、手数料を引く前の契約金額の合計です（プロジェクト・コンペ・タスク）。
goal-one-is-enough = どれか1つに届けば、基準を満たします。
goal-reports = 参考: 利用者が書いた当時の金額です。ラインではありません。
goal-report-enough = { $amount }で認定されたという報告（{ $day }、{ $source }）
goal-report-median = 認定ランサー{ $count }人の半数が{ $amount }以下という報告（{ $day }、{ $source }）
goal-report-lowest = 公開の認定ランサー{ $count }人の最低額が{ $amount }という報告（{ $day }、{ $source }）
goal-too-many = 目標は{ $most }件までです。何も変わっていません。使わない目標を `/goal カテゴリ:… 削除:True` で削除してください。
goal-which = 目標が複数あります。何も変わっていません。どれを削除するか、`/goal カテゴリ:… 削除:True` のようにカテゴリを書いてください。
goal-unknown = 「{ $written }」の目標はありません。何も変わっていません。`/goal` で一覧を確認してください。
goal-line-missing = 金額を `ライン:` に書いてください。目標は変わっていません。例: `ライン:1,000,000`

form-goal-category = カテゴリ（空欄はすべて）
form-goal = 目標のライン（自分の見積もり）
form-displayed = ランサーズに表示されている数値
calibrate-replies-unreadable = 「{ $written }」は返信数として読めません。何も記録していません。例: 40
calibrate-none = まだ記録がありません。ランサーズに表示されている数値を教えてください。例: `/calibrate 返信率:92.5 返信数:40`
calibrate-title = **ランサーズの表示**（{ $day }）
calibrate-figure = { $name }: **{ $value }**
calibrate-figure-of = { $line }（{ $day }）
calibrate-replies = 返信数
calibrate-recorded = 同じ1年の記録: { $replies ->
    [0] 返信なし
   *[other] 返信{ $replies }件（うち24時間以内 { $on_time }件{ $newest ->
        [same] {""}
       *[other] 。最新のメッセージから数えると { $newest }件
    }）
}
calibrate-now = いまの返信率: { $rate }{ $estimate }
calibrate-both = ✅ どちらの数え方でも一致します。
calibrate-oldest = ✅ **最も古い**未返信から数えると一致し、最新からでは一致しません。
calibrate-newest = ❗ **最新**のメッセージから数えると一致し、最も古い未返信からでは一致しません。
calibrate-neither = ❗ どちらの数え方でも一致しません。記録に誤りか漏れがあります（`/history`）。
calibrate-unseen = ランサーズの表示には、こちらの記録にない **{ $count }件の返信** が含まれています。それらが過去1年から外れるまで、返信率はすべて、これらを含む推定値とその幅で表示します。
calibrate-no-rate = 返信率もあわせて記録すると、こちらの記録にない返信を含めた推定に使います。
calibrate-too-old = 表示を見た日が1年より前のため、返信率の推定には使いません。いまの表示を記録してください。
calibrate-all-left = こちらの記録にない返信は、推定ではすべて過去1年から外れました。もう返信率に含めません。
calibrate-older = { $day } の表示として記録しました。もっと新しい表示がある項目は、新しいほうを使います。
calibrate-no-replies = 返信が0件のとき、返信率はありません。返信数は1件以上で入力してください。何も記録していません。
calibrate-too-many = ランサーズが数えていない **{ $count }件の返信** が、こちらの記録にあります。`/history` でご確認ください。
calibrate-nothing = 比べられるものがまだありません。返信が記録されると、ここで比べます。
calibrate-rate-missing = ランサーズに表示されている返信率も記録すると、こちらの記録と比べます。
calibrate-impossible = 返信{ $replies }件で { $rate } % にはなりません。近いのは、{ $replies }件なら { $nearest_rate } %、{ $rate } % なら { $nearest_replies }件です。どちらが表示されていますか？ 返信率と返信数をあわせて入力してください。何も記録していません。
calibrate-future = { $day } は未来の日付のため、記録していません。表示を見た日を書いてください。
calibrate-evaluation = 「{ $written }」は星の数として読めません。何も記録していません。1〜5の数（小数第2位まで）で書いてください。例: 4.9
