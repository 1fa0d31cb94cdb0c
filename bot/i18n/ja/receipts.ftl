# 続けて転送されたものをまとめた控え。
gathered-title = 📥 **{ $count }件を受け取りました**
gathered-waits = ・{ $thread } — 期限 { $at }（{ $left }）
gathered-closed = ⚠️ { $thread } — 期限切れ { $at }（{ $left }）
gathered-unsorted = ❓ { $thread }（{ $at }）**どなた・どのスレッドですか？** 記録済み、期限は{ $left }
gathered-counted = ・{ $thread }（{ $at }）— { $counted }
gathered-repeated = { $line } _（記録済み）_
gathered-time = ❓ { $client } — **いつ届きましたか？** まだ記録していません
gathered-start = ❓ 仕事の招待状（{ $at }）— 返信する場合は計測を始めてください
gathered-badge = ❓ 認定ランサー認可のお知らせ — **バッジを「認定済み」にしますか？**
gathered-thread = ❓ { $client } — **どのスレッドへの返信ですか？** まだ記録していません
gathered-trap = ❓ { $client } — **返信として数えますか？** まだ記録していません
gathered-refused = ⚠️ { $reason }
gathered-note = ・{ $note }
gathered-more = … ほか { $count } 件
gathered-rate = 返信率 { $rate }
gathered-choose = 確認・訂正するものを選択…
