"""A model of every kind of picture."""

from dataclasses import replace

from bot.pictures.models import (
    AmountPart,
    CriterionRow,
    FeePicture,
    ForecastPicture,
    Gauge,
    PictureModel,
    RatePicture,
    ReviewBar,
    Severity,
    StatusIcon,
    StatusPicture,
    WindowPicture,
    WindowTimeline,
    YearPicture,
)

STATUS = StatusPicture(
    gauge=Gauge(
        permille=923,
        threshold=800,
        icon=StatusIcon.MET,
        label="92.3 %",
        fraction="12/13",
        threshold_label="基準 80 %",
    ),
    title="返信率",
    headline="余裕: 遅れ2件まで",
    lines=("24時間以内 12件", "遅れ 1件"),
    criteria=tuple(CriterionRow(icon, f"基準 {icon}", "92.3 %") for icon in StatusIcon),
)
YEAR = YearPicture(
    title="週ごとの返信",
    weeks=tuple((week % 4, int(week % 9 == 0)) for week in range(53)),
    months=((2, "12月"), (6, "1月"), (11, "2月")),
    on_time_label="24時間以内 12件",
    late_label="遅れ 1件",
)
FEE = FeePicture(
    client_title="クライアントの支払額",
    client_total="¥79,125",
    client_parts=(
        AmountPart("契約金額", "¥68,182", 68182, is_deduction=False),
        AmountPart("システム手数料（クライアント）", "¥3,750", 3750, is_deduction=True),
    ),
    member_title="手取り",
    member_total="¥58,725",
    member_parts=(
        AmountPart("手取り", "¥58,725", 58725, is_deduction=False),
        AmountPart("システム手数料", "¥16,500", 16500, is_deduction=True),
    ),
    contract=AmountPart("契約金額（税込）", "¥75,000", 75000, is_deduction=False),
)
FORECAST = ForecastPicture(
    "このまま",
    800,
    "80 %",
    tuple(
        ReviewBar(
            f"{place + 1}月",
            permille,
            "–" if permille is None else f"{permille / 10}",
            StatusIcon.MET if permille and permille >= 800 else StatusIcon.NOT_MET,
            is_first_met=place == 3,
        )
        for place, permille in enumerate((None, 0, 799, 800, 1000, 900, 870))
    ),
    "最初に基準を満たす審査: 2027年4月1日",
)
TIMELINE = WindowTimeline(
    opened_label="11/28 22:05 受信",
    closes_label="11/29 22:05 期限",
    now=30,
    quiet_spans=((510, 990),),
    reminders=(720, 1200),
    quiet_label="おやすみ時間",
    reminder_label="リマインド",
)
WINDOW = WindowPicture(
    severity=Severity.INFO,
    minutes_left=1410,
    left_label="残り 23時間30分以上",
    title="返信期限まで",
    lines=("あす 14:30 まで", "3回"),
    timeline=TIMELINE,
)
REMINDER = replace(WINDOW, severity=Severity.WARNING, minutes_left=235, lines=(), timeline=None)
RATE = RatePicture(
    severity=Severity.SUCCESS,
    title="返信率",
    before=916,
    after=923,
    label="91.6 % → 92.3 %",
    threshold=800,
    threshold_label="基準 80 %",
)

ALL: tuple[PictureModel, ...] = (STATUS, YEAR, FEE, FORECAST, WINDOW, REMINDER, RATE)
