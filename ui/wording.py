"""Dates, counts, sizes and numbers as a Chinese reader writes them. Pure: no clock, no database."""

from datetime import date, datetime, timedelta

WEEKDAYS = "一二三四五六日"
DIGITS = "零一二三四五六七八九"


def day_with_weekday(day: date) -> str:
    """11月9日 周一"""
    return f"{day.month}月{day.day}日 周{WEEKDAYS[day.weekday()]}"


def full_day(day: date) -> str:
    """2026年11月9日"""
    return f"{day.year}年{day.month}月{day.day}日"


def day_and_time(moment: datetime) -> str:
    """11月9日 10:32"""
    return f"{moment.month}月{moment.day}日 {moment:%H:%M}"


def ago(moment: datetime, now: datetime) -> str:
    """How long since `moment`: exact for today, by day for this year, with the year before that."""
    gap = now - moment
    days = (now.date() - moment.date()).days
    if gap < timedelta(minutes=1):
        return "刚刚"
    if gap < timedelta(hours=1):
        return f"{int(gap.total_seconds() // 60)} 分钟前"
    if days == 0:
        return f"{int(gap.total_seconds() // 3600)} 小时前"
    if days == 1:
        return f"昨天 {moment:%H:%M}"
    if days == 2:
        return f"前天 {moment:%H:%M}"
    if moment.year == now.year:
        return f"{moment.month}月{moment.day}日"
    return full_day(moment.date())


def short_count(number: int) -> str:
    """9,876, then 1.2万, then 1.3亿; never a rounded-up claim."""
    for unit, word in ((100_000_000, "亿"), (10_000, "万")):
        if number >= unit:
            tenths = number * 10 // unit
            return f"{tenths // 10}{word}" if tenths % 10 == 0 else f"{tenths / 10:.1f}{word}"
    return f"{number:,}"


def size(number: int) -> str:
    """640 字节, 240 kB, 6.2 MB, 1.4 GB"""
    if number < 1000:
        return f"{number} 字节"
    if number < 1_000_000:
        return f"{round(number / 1000)} kB"
    if number < 1_000_000_000:
        return f"{number / 1_000_000:.1f} MB"
    return f"{number / 1_000_000_000:.1f} GB"


def duration(seconds: int) -> str:
    """45 秒, 11 分 05 秒, 1 小时 02 分"""
    hours, rest = divmod(int(seconds), 3600)
    minutes, left = divmod(rest, 60)
    if hours:
        return f"{hours} 小时 {minutes:02d} 分"
    if minutes:
        return f"{minutes} 分 {left:02d} 秒"
    return f"{left} 秒"


def clock(seconds: int) -> str:
    """02:13, 1:02:13: a place in a video."""
    hours, rest = divmod(int(seconds), 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{left:02d}" if hours else f"{minutes:02d}:{left:02d}"


def number(value: int) -> str:
    """一 … 十一 … 二十 … 一百零五; Arabic from 1,000 on and below zero."""
    if not 0 <= value < 1000:
        return str(value)
    if value < 10:
        return DIGITS[value]
    hundreds, rest = divmod(value, 100)
    tens, ones = divmod(rest, 10)
    head = f"{DIGITS[hundreds]}百" if hundreds else ""
    if not rest:
        return head
    if not tens:
        return f"{head}零{DIGITS[ones]}"
    ten = "十" if tens == 1 and not hundreds else f"{DIGITS[tens]}十"
    return head + ten + (DIGITS[ones] if ones else "")
