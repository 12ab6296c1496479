"""Talk around a question: 想要一份…, 老师们有…吗, …谢谢. It says nothing about what is looked for and may be left out.

A word that may also begin a title (找春天, 要下雨了) goes only as a second thought: `search.understanding` keeps the
question with it beside the one without.
"""

import re

COUNTED = "(?:一|几|两|些|这|那)?(?:下(?![册学语数英科道美音体])|份|个|些|套|篇|节|堂|课|点|本)"
"""一份, 几个, 一下; the number may be missing."""
WHO = "(?:各位|哪位|哪个|诸位)?(?:老师|同行|同事|同仁|朋友|大家|亲|大神|前辈)们?(?:好)?"
WISH = (
    "请问|麻烦|劳驾|跪求|急求|急需|诚求|求助|求|想要|想找|想看|想用|需要|要找|要用|我要找|我想要?|我需要|帮我|帮忙|"
    "给我|发我|找找|寻找|查找|查询|查一下|搜索|搜一下|看看|下载|推荐|分享|谁有|谁有没有|有没有|有无|能给|能不能给|可以给"
)
WEAK = "我要|想|找|查|搜|来|有|要"
ABOUT = "关于|有关|针对"
HEAD = re.compile(
    rf"^(?:{WHO}(?:谁?有没有|谁?有)?|(?:{WISH}|{ABOUT})(?:{COUNTED})?的?"
    rf"|(?:{WEAK})(?:[一几两些]{COUNTED}的?|(?=[《“\"\s])|(?=[一二三四五六1-6](?:年级|[上下]))))"
    r"[\s,，:：]*"
)
COUNT = re.compile(r"^[一几两些]?(?:份|个|些|套|篇|节|堂)的?\s*(?=[《“\"\s])")
THANKS = "谢谢(?:了|大家|老师)?|多谢|感谢|谢了|拜托(?:了)?|急用?|在线等|跪谢|万分感谢"
WANTED = (
    "(?:免费|直接|打包|全套|整套|完整版?|高清|最新版?|新版|电子版|word版?|pdf版?|可编辑|可打印|精品|优质|优秀)?的?"
    "(?:下载|分享|推荐|大全|汇总|合集|全集|打包|链接|网盘|电子版|word版?|pdf版?|可打印|可编辑|免费)"
)
HOW = "(?:应该|该|要)?(?:怎么|怎样|如何|咋)(?:样)?(?:上|教|讲|做|写|设计|备|导入|用)(?:课|好|才好)?"
USE = "(?:公开课|优质课|示范课|研讨课|赛课|比赛|评优课|教研|上课|备课|家长会)(?:上|时|要)?用(?:的)?|(?:明天|下周|今天|马上)(?:要)?(?:上课)?用?"
ASKING = "有没有|有吗|有木有|在哪里?|哪里有|哪有|吗|么|呢|吧|啊|呀|嘛"
YEARS = r"20[0-9]{2}(?:\s?[-~]\s?20[0-9]{2})?(?:年|版|学年|新版|最新)?"
TAIL = re.compile(
    rf"(?:^|(?<=\S))[\s,，。!！?？~]*(?:{THANKS}|{WANTED}|{HOW}|{USE}|{ASKING}|(?<=\s){YEARS})[\s,，。!！?？~]*$"
)
SIGNS = re.compile(r"[\s,，。!！?？~]+$")
ROUNDS = 4


def without(question: str) -> str:
    """A normalised question without the talk around it; a question that is nothing but talk stays whole."""
    left = SIGNS.sub("", question)
    for _ in range(ROUNDS):
        shorter = COUNT.sub("", HEAD.sub("", TAIL.sub("", left)))
        if not shorter.strip() or shorter == left:
            break
        left = shorter.strip()
    return left or question
