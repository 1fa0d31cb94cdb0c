# 取り込み、書き出し、消去。

import-cut-off = 取り込みが中断されたため、書き込んだ分をすべて取り消しました。以前の記録はそのままです。ファイルをもう一度渡してください。
import-title = { $name }
import-messages = 新しいメッセージ: **{ $count }件**（やり取り{ $threads }件）
import-jobs = 新しい仕事: **{ $count }件**
import-duplicates = 記録済み: { $count }件
import-skipped = 取り込まないもの（クライアントのメッセージではないか、相手や日時がわからないもの）: { $count }件
import-bad = ❌ **読めない行が{ $count }件あるため、取り込めません。** 直してからもう一度お試しください。
import-bad-line = `{ $place }` { $reason }
import-rewards = -# 仕事の報酬は、手数料を引く前の契約金額として数えます。
import-statements = プロフィールと設定: まだ設定していないもの
import-statements-done = ✅ プロフィールと設定のうち、まだ設定していなかったものを書き込みました。
import-confirm = まだ何も書き込んでいません。**すべて取り込みますか？**
import-nothing = 新しいものはありません。
import-begins = 取り込んでいます…
import-progress = 取り込んでいます… { $total }件中 { $written }件
import-done = ✅ { $messages ->
    [0] 仕事{ $jobs }件
   *[other] メッセージ{ $messages }件{ $jobs ->
        [0] {""}
       *[other] 、仕事{ $jobs }件
    }
}を取り込みました{ $duplicates ->
    [0] {""}
   *[other] （{ $duplicates }件は記録済み）
}。{ $messages ->
    [0] 仕事は `/job remove` で1つずつ削除できます。
   *[other] メッセージは `/history` からまとめて元に戻せます。
}
import-no-reminder = ⏰ 期限までにお知らせする予定のない返信待ちが{ $count }件あります。**この控えがリマインドです。** 期限は `/pending` で確認できます。
import-cancelled = 承知しました。何も取り込んでいません。
import-not-waiting = この取り込みは終わっています（実行済みか、ボットの再起動）。取り込み済みかどうかは `/history` でご確認いただけます。必要なら、もう一度ファイルを渡してください。
import-replaced = このあとに別のファイルを受け取ったため、このファイルは取り込めません。いまは何も書き込んでいません。新しいカードのボタンを使うか、もう一度ファイルを渡してください。
import-too-large = ファイルが { $most } MB を超えるため、何も取り込んでいません。分けて渡してください。JSON は分けられません。`/export` の CSV を、どのファイルにも見出しの行を付けて分けてください。
import-too-many-rows = { $most }行を超えるため、何も取り込んでいません。分けて渡してください。
import-too-many-files = zip に { $most } を超えるファイルがあるため、何も取り込んでいません。分けて渡してください。
import-unpacked-too-large = zip の中のファイルが、展開すると { $most } MB を超えるか、合計が大きすぎます。何も読んでいません。分けて渡してください。JSON は分けられないため、`/export` の CSV を使ってください。
import-zip = zip を開けないため、何も取り込んでいません。壊れているか、パスワードが付いています。作り直して渡してください。
import-unsupported = 「{ $name }」は取り込めません。.csv、.json（このボットの書き出し）、.eml、またはそれらの .zip を渡してください。
import-json = この JSON はこのボットの書き出しではないか、読めない形に変えられています。何も取り込んでいません。`/export` のファイルをそのまま渡してください。
import-json-version = この書き出しは新しいバージョン（{ $version }）のものです。運営者にボットの更新を頼んでください。
import-future = 時刻が未来です。
import-before-lancers = 時刻がランサーズの開始（2008年）より前です。
import-figure = `{ $name }` の値がないか、範囲を超えています。
import-unread = ファイルの読み取りに時間かメモリがかかりすぎるため、何も取り込んでいません。分けて渡してください。
import-unfetched = Discord からファイルを受け取れず、何も取り込んでいません。もう一度お試しください。
import-offer = 📎 { $name } — { $kind ->
        [jobs] 仕事の表
        [export] このボットの書き出し
        [mails] メール
        [several] まとめたファイル
       *[history] やり取りの履歴
    }（{ $count }件）
import-file-gone = このファイルは削除されたため、取り込めません。何も書き込んでいません。必要なら、もう一度ここへ送ってください。

export-title = 📦 あなたのすべての記録: メッセージ{ $messages }件、仕事{ $jobs }件。
export-about = CSV は `/import`、`{ -command } standing`、表計算ソフトで読めます。JSON には、こちらにあるすべての行が入っています。
export-no-room = ボットを動かしているマシンに空きがないため、ファイルを書き出せませんでした。何も変わっていません。運営者に伝えて、あとでもう一度お試しください。
export-large = JSON は{ $most } MB を超えるため、`/import` では取り込めません。取り込むときは、history.csv と jobs.csv を使ってください。{ $most } MB を超える CSV は、どのファイルにも見出しの行を付けて分けてください。

erase-nobody = あなたの記録はありません。消去するものはありません。
erase-title = **あなたの記録をすべて消去しますか？** 元には戻せません。残したい場合は、先に `/export` してください。
erase-erased = 消去するもの: メッセージ{ $messages }件、やり取り{ $threads }件、仕事{ $jobs }件、リマインド{ $reminders }件（送信中のものも含む）、プロフィール・目標・表示の記録{ $declarations }件、設定。
erase-remains = 残るもの: あなたの Discord の ID、ここで最後に読んだ位置、消去した時刻。消去の前のメッセージをもう一度読まないためで、ほかには何も残りません。
erase-kept = 運営者だけが消せるもの: バックアップ（最長{ $days }日。復元されたときは、この消去がもう一度適用されます）と、Discord の ID を含むログ。ここのあなたのメッセージは、ご自身で削除できます。ボットのメッセージは、ボットにしか削除できません。
erase-confirm = **本当に消去しますか？**
erase-done = 消去しました。あなたの記録はもうありません。また書いていただければ、最初から始めます。
erase-messages-begun = ここにあるボットのメッセージを1件ずつ削除しています。途中で再起動したときは残るので、もう一度 `/erase` を使ってください。
erase-messages-done = ボットのメッセージを{ $count }件削除しました。
erase-messages-left = 削除できなかったものが残っています。少し待って、もう一度 `/erase` を使ってください。
erase-cancelled = 承知しました。すべてそのままです。

storage-scrub-waits = すべて削除しました。データベースのログには痕跡が残っています。バックアップ・書き出し・ほかのプログラムが使用中のためで、終わりしだいボットが消します。
