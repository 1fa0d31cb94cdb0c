"""Panels of every kind."""

from dataclasses import replace

from bot.pictures.panels import (
    DayBar,
    FeePanel,
    ForecastPanel,
    Gauge,
    Mark,
    Panel,
    Part,
    RatePanel,
    ReviewBar,
    Row,
    StatusPanel,
    Tone,
    WindowPanel,
)

STATUS = StatusPanel(
    Gauge(923, 800, Mark.MET, "92.3 %", "12/13", "基準 80 %"),
    "返信率",
    "余裕: 遅れ2件まで",
    Row(Mark.MET, "すべての基準を満たしています"),
    "週ごとの返信",
    tuple((week % 4, int(week % 9 == 0)) for week in range(53)),
    ((2, "12月"), (6, "1月")),
    "24時間以内 12件",
    "遅れ 1件",
    "2016 年版の基準",
    tuple(Row(mark, f"基準 {mark}", "92.3 %") for mark in Mark),
    "プロフィール項目",
    tuple(Row(mark, "自己紹介文") for mark in (*Mark, *Mark, Mark.MET)),
)
FEE = FeePanel(
    "クライアントの支払額",
    "¥79,125",
    (Part("契約金額", "¥68,182", 68182, taken=False), Part("発注手数料", "¥3,750", 3750, taken=True)),
    "受取額",
    "¥58,725",
    (Part("受取額", "¥58,725", 58725, taken=False), Part("システム手数料", "¥16,500", 16500, taken=True)),
    Part("契約金額（税込）", "¥75,000", 75000, taken=False),
)
FORECAST = ForecastPanel(
    "このまま",
    800,
    "80 %",
    tuple(
        ReviewBar(f"{place + 1}月", tenths, "–", Mark.MET if tenths and tenths >= 800 else Mark.NOT_MET, place == 3)
        for place, tenths in enumerate((None, 0, 799, 800, 1000))
    ),
    "最初に基準を満たす審査: 2027年4月1日",
)
DAY = DayBar("受信", "期限", 30, ((510, 990),), (720, 1200), "おやすみ時間", "リマインド")
WINDOW = WindowPanel(Tone.CALM, 1410, "残り 23時間30分以上", "返信期限まで", ("あす 14:30 まで", "3回"), DAY)
REMINDER = replace(WINDOW, tone=Tone.SOON, left=235, lines=(), day=None)
RATE = RatePanel(Tone.GOOD, "返信率", 916, 923, "91.6 % → 92.3 %", 800, "基準 80 %")

ALL: tuple[Panel, ...] = (STATUS, FEE, FORECAST, WINDOW, REMINDER, RATE)
