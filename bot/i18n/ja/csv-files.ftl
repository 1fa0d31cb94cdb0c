# メッセージや仕事の CSV ファイルの問題。

table-encoding = ファイルの文字コードを判別できません。UTF-8 で保存してください。
table-unknown = 1行目が知っている見出しではありません（やり取りの履歴は `thread,direction,sent_at`、仕事の表は `date,method,category,reward,outcome,evaluation`）。
table-header-missing = 1行目に列名 { $required }（必要なら { $optional } も）を書いてください。{ $column } がありません。
table-header-blank = 1行目に名前のない列があります。その列を削除して、保存し直してください。
table-header-twice = 1行目に列 { $column } が2回あります。
table-header-unknown = 1行目の列 { $column } は使えません。使える列は { $known } です。
table-bad-rows = 読めない行があるため、このファイルは何にも使っていません。
table-bad-row = { $line }行目 (line { $line }): { $reason }
table-row-unreadable = 行を読めません。
table-row-fields = 列が{ $found }個ですが、1行目は{ $wanted }個です。

history-thread-empty = thread が空です。
history-names-differ = 「{ $thread }」の client か title が前の行と違います。同じやり取りなら client と title を揃え、別のやり取りなら thread を別の名前にしてください。
history-thread-twice = 「{ $other }」も client と title が同じです。別のやり取りなら title にそれぞれの名前を書き、同じやり取りなら thread を同じ名前にしてください。
history-direction = direction「{ $written }」は received でも sent でもありません。
history-site = site「{ $written }」は読み取れません。lancers か other（ランサーズ以外）を書いてください。空欄はランサーズです。
history-kind = kind「{ $written }」は message、new_thread、dismissed のどれでもありません。
history-instant = 「{ $written }」は日付と時刻のある ISO 8601 形式ではありません。例: 2026-11-22T18:14
history-instant-skipped = { $written } は、このタイムゾーンの時計の切り替えで存在しない時刻です。

jobs-method = method「{ $written }」は project、hourly、monthly、package、task、contest のどれでもありません。
jobs-outcome = outcome「{ $written }」は completed でも not_completed でもありません。
jobs-evaluation = 「{ $written }」を評価として読めません。1〜5（小数第1位まで）、満足、残念 のどれかで書いてください。
jobs-reward = 「{ $written }」を報酬として読めません。0〜{ $most } の円単位の整数で書いてください。例: 50,000、5万、0
jobs-count = count「{ $written }」は 1〜{ $most } の整数ではありません。
jobs-withheld = withheld「{ $written }」は yes でも no でもありません。
