# リマインドのタイミングとおやすみ時間の読み取り、「あとで」。
reminders-lead-time-unreadable = 「{ $written }」をリマインドのタイミングとして読み取れませんでした。設定は変わっていません。例: 12h,4h,1h または 1時間30分。不要なら「なし」と書いてください。
reminders-lead-time-range = リマインドのタイミングは0より長く24時間より短くしてください。「{ $written }」は範囲の外です。設定は変わっていません。
reminders-lead-times-many = リマインドのタイミングは{ $most }個までです（ご指定は{ $count }個）。設定は変わっていません。
reminders-quiet-hours-unreadable = 「{ $written }」をおやすみ時間として読み取れませんでした。設定は変わっていません。例: 23:00-07:00。不要なら「なし」と書いてください。
reminders-quiet-hours-no-span = おやすみ時間の始まりと終わりは別の時刻にしてください（「{ $written }」は同じ時刻です）。設定は変わっていません。
reminders-snooze-closed = この返信期限はすでに過ぎているため、もう一度のお知らせはできません。何も変わっていません。
