# 認定の基準と、その根拠。

criterion-reply-rate = 24時間以内の返信率
criterion-completion-rate = 仕事完了率
criterion-task-approval = タスク承認率
criterion-earnings = 獲得報酬額
criterion-evaluation = クライアントからの評価
criterion-satisfaction = 満足率
criterion-profile = プロフィール項目
criterion-last-login = 最終ログイン
criterion-short-reply-rate = 返信率
criterion-short-completion-rate = 仕事完了率
criterion-short-task-approval = タスク承認率
criterion-short-earnings = 獲得報酬額
criterion-short-evaluation = 評価
criterion-short-satisfaction = 満足率
criterion-short-profile = プロフィール
criterion-short-last-login = 最終ログイン

edition-name = { $key ->
        [y2024] いまの基準（2024年〜）
        [y2022] 2022年の基準（2024年1月まで）
        [y2020] 2020年ごろの基準（2022年1月まで）
        [y2016] 2016年の記事の基準
       *[other] { $year }年の基準
    }
edition-about = { $key ->
        [y2024] 満足率95 %以上など。返信率は基準に入りません。
        [y2022] 満足率95 %以上、返信率80 %以上など。2022年2月からの基準です。
        [y2020] クライアントからの評価4.8以上、返信率80 %以上など。始まった時期は不明です。
        [y2016] 返信率80 %以上、クライアントからの評価4.8以上など。
       *[other] { $year }年の基準です。
    }

confidence-official = 公式
confidence-article = ブログ記事
confidence-secondary = 利用者の記事
confidence-assumed = 推定

rule-source = { $confidence ->
    [official] 公式、{ $source }
    [article] ブログ記事（2016年ごろ）
    [secondary] 利用者の記事、{ $source }
   *[assumed] 推定、{ $source }
}

certification-edition-unknown = 「{ $written }」という基準の年はありません。{ $known } から選んでください。
certification-login-future = 最終ログイン { $day } は未来の日付です。過去の日付を指定してください。

# ランク（ランサーランク）。

rank-none = なし
rank-regular = レギュラー
rank-bronze = ブロンズ
rank-silver = シルバー
rank-certified = 認定
rank-unknown = 不明
rank-missing = 足りないのは { $list }
rank-not-known = 不明なのは { $list }
rank-complete = 条件はそろっています
criterion-first-job = 仕事の受注1件
profile-introduction-length = 自己紹介文300文字以上
profile-background = 経歴か資格を1件以上
profile-skill-or-portfolio = スキル・ポートフォリオ・パッケージのどれか
rank-by-criteria = 未入力（基準から判定）
rank-from-badge = { $rank }（認定バッジの申告から）
rank-declared = { $rank }（{ $day } に申告）
rank-line = 🎖️ ランク: **{ $rank }**
rank-line-declared = 🎖️ ランク: **{ $rank }**（{ $day } の申告）
rank-line-badge = 🎖️ ランク: **{ $rank }**（認定バッジの申告から）
rank-line-next = { " " }→ 次は **{ $rank }**（{ $gap }）
rank-gap-join = 。
rank-name-join = ・
rank-more = { $names } ほか{ $count }項目
