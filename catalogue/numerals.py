"""Chinese numerals as textbooks print them: 第六单元, 语文园地十."""

DIGITS = "零一二三四五六七八九"


def chinese_numeral(number: int) -> str:
    """一 to 九十九; larger numbers stay Arabic."""
    if not 0 <= number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    if not tens:
        return DIGITS[ones]
    return ("" if tens == 1 else DIGITS[tens]) + "十" + (DIGITS[ones] if ones else "")
