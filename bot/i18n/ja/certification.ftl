# 認定の基準と、その根拠。

criterion-reply-rate = 24時間以内の返信率
criterion-completion-rate = 完了率
criterion-task-approval = タスク承認率
criterion-earnings = 1年間の獲得報酬
criterion-evaluation = 評価
criterion-satisfaction = 満足率
criterion-profile = プロフィール項目
criterion-last-login = 最終ログイン
criterion-short-reply-rate = 返信率
criterion-short-completion-rate = 仕事完了率
criterion-short-task-approval = タスク承認率
criterion-short-earnings = 獲得報酬額
criterion-short-evaluation = 評価
criterion-short-satisfaction = 満足の割合
criterion-short-profile = プロフィール
criterion-short-last-login = 最終ログイン

confidence-official = 公式
confidence-article = ブログ記事
confidence-secondary = 二次情報
confidence-assumed = 推定

rule-source = { $confidence ->
    [official] 公式、{ $source }
    [article] ブログ記事（2016年ごろ）
    [secondary] 二次情報、{ $source }
   *[assumed] 推定、{ $source }
}

certification-edition-unknown = 「{ $written }」という版はありません。{ $known } から選んでください。
certification-login-future = 最終ログイン { $day } は未来の日付です。過去の日付を指定してください。
