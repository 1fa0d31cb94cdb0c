# 履歴ファイルの問題。
history-encoding = ファイルが UTF-8 でも CP932 でもありません。UTF-8 で保存してください。
history-header-missing = 1行目に列名 thread,direction,sent_at（必要なら kind）を書いてください。{ $column } がありません。
history-header-twice = 1行目に列 { $column } が2回あります。
history-header-unknown = 1行目の列 { $column } は使えません。使える列は thread、direction、sent_at、kind です。
history-bad-rows = 読めない行があるため、判定していません。
history-bad-row = { $line } 行目 (line { $line }): { $reason }
history-row-unreadable = 行を読めません。
history-row-fields = 列が { $found } 個ですが、1行目は { $wanted } 個です。
history-thread-empty = thread が空です。
history-direction = direction「{ $written }」は received でも sent でもありません。
history-kind = kind「{ $written }」は message、new_thread、dismissed のどれでもありません。
history-instant = 「{ $written }」は日付と時刻のある ISO 8601 形式ではありません。例: 2026-11-22T18:14
history-instant-skipped = { $written } は、このタイムゾーンの時計の切り替えで存在しない時刻です。
