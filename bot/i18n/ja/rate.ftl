# 返信率: 推定かどうか、基準かどうか。

rate-estimated = （推定）
rate-estimated-between = （推定、{ $worst }〜{ $best }）
rate-published = 公開される数値です（2024年から基準ではありません）
forecast-estimated = 記録にない返信を含む推定です。いちばんありそうな場合を示します。
rate-change = { $before } → { $after }{ $estimate }
rate-unchanged = { $before } のまま{ $estimate }
rate-margin-likely = { $margin }（いちばんありそうな場合）
rate-margin-change = 、余裕 { $slack } → { $left }
