"""Panels of every kind."""

from dataclasses import replace

from bot.pictures.models import (
    AmountPart,
    FeePicture,
    ForecastPicture,
    Gauge,
    PictureModel,
    RatePicture,
    ReviewBar,
    Row,
    Severity,
    StatusIcon,
    StatusPicture,
    WindowPicture,
    WindowTimeline,
)

STATUS = StatusPicture(
    Gauge(923, 800, StatusIcon.MET, "92.3 %", "12/13", "基準 80 %"),
    "返信率",
    "余裕: 遅れ2件まで",
    Row(StatusIcon.MET, "すべての基準を満たしています"),
    "週ごとの返信",
    tuple((week % 4, int(week % 9 == 0)) for week in range(53)),
    ((2, "12月"), (6, "1月")),
    "24時間以内 12件",
    "遅れ 1件",
    "2016 年版の基準",
    tuple(Row(mark, f"基準 {mark}", "92.3 %") for mark in StatusIcon),
    "プロフィール項目",
    tuple(Row(mark, "自己紹介文") for mark in (*StatusIcon, *StatusIcon, StatusIcon.MET)),
)
FEE = FeePicture(
    "クライアントの支払額",
    "¥79,125",
    (
        AmountPart("契約金額", "¥68,182", 68182, is_deduction=False),
        AmountPart("発注手数料", "¥3,750", 3750, is_deduction=True),
    ),
    "受取額",
    "¥58,725",
    (
        AmountPart("受取額", "¥58,725", 58725, is_deduction=False),
        AmountPart("システム手数料", "¥16,500", 16500, is_deduction=True),
    ),
    AmountPart("契約金額（税込）", "¥75,000", 75000, is_deduction=False),
)
FORECAST = ForecastPicture(
    "このまま",
    800,
    "80 %",
    tuple(
        ReviewBar(
            f"{place + 1}月",
            tenths,
            "–",
            StatusIcon.MET if tenths and tenths >= 800 else StatusIcon.NOT_MET,
            place == 3,
        )
        for place, tenths in enumerate((None, 0, 799, 800, 1000))
    ),
    "最初に基準を満たす審査: 2027年4月1日",
)
DAY = WindowTimeline("受信", "期限", 30, ((510, 990),), (720, 1200), "おやすみ時間", "リマインド")
WINDOW = WindowPicture(Severity.CALM, 1410, "残り 23時間30分以上", "返信期限まで", ("あす 14:30 まで", "3回"), DAY)
REMINDER = replace(WINDOW, tone=Severity.SOON, fraction_left=235, lines=(), day=None)
RATE = RatePicture(Severity.GOOD, "返信率", 916, 923, "91.6 % → 92.3 %", 800, "基準 80 %")

ALL: tuple[PictureModel, ...] = (STATUS, FEE, FORECAST, WINDOW, REMINDER, RATE)
