# やり取りと時間の長さの書き方。

thread-nobody = _（相手未設定）_
thread-nobody-plain = 相手未設定
thread-muted = 🔕 { $thread }
thread-titled = { $client }「{ $title }」
span-both = { $hours }時間{ $minutes }分
span-hours = { $hours }時間
span-minutes = { $minutes }分
