# 続けて転送されたものをまとめた控え。
batch-title = 📥 **{ $count }件を受け取りました**
batch-waits = ・{ $thread } — 期限 { $at }（{ $left }）
batch-closed = ⚠️ { $thread } — 期限切れ { $at }（{ $left }）
batch-unsorted = ❓ { $thread }（{ $at }）**どなた・どのスレッドですか？** 記録済み、期限は{ $left }
batch-counted = ・{ $thread }（{ $at }）— { $counted }
batch-repeated = { $line } _（記録済み）_
batch-time = ❓ { $client } — **いつ届きましたか？** まだ記録していません
batch-start = ❓ 仕事の招待状（{ $at }）— 返信する場合は計測を始めてください
batch-badge = ❓ 認定ランサー認可のお知らせ — **バッジを「認定済み」にしますか？**
batch-thread = ❓ { $client } — **どのスレッドへの返信ですか？** まだ記録していません
batch-trap = ❓ { $client } — **返信として数えますか？** まだ記録していません
batch-refused = ⚠️ { $reason }
batch-note = ・{ $note }
batch-more = … ほか { $count } 件
batch-rate = 返信率 { $rate }
batch-choose = 確認・訂正するものを選択…
