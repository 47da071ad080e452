"""The goods of the demo and who gives them: 40 goods of 11 partner units, none of which exists.

Bar codes begin with 20 to 29, which GS1 leaves to each shop, so no code belongs to a real product. A point of the demo
is worth about twenty fen of goods; that is nobody's rule, it only makes figures that look like figures.
"""

from dataclasses import dataclass
from typing import Final

from timebank.market.barcodes import check_digit_for

PARTNERS: Final = (
    "百家福超市",
    "利民粮油店",
    "春晖药房",
    "幸福里物业",
    "第二实验小学",
    "社区卫生服务站",
    "供电营业厅",
    "邮政便民点",
    "红石榴书屋",
    "暖阳理发店",
    "新风印务",
)

FEN_PER_POINT: Final = 20

# Name, unit word, points, giver (place in the list above), monthly limit for one person (or -), how often it is taken.
_CATALOGUE: Final = """
香皂 块 15 0 2 9
牙膏 支 25 0 2 8
牙刷 支 10 0 - 5
毛巾 条 30 3 - 5
洗衣液 瓶 60 0 1 6
洗洁精 瓶 30 0 - 6
抽纸 提 35 0 2 8
卷纸 提 45 0 - 5
大米5公斤 袋 160 1 1 5
面粉2.5公斤 袋 60 1 1 4
食用油1.8升 瓶 150 1 1 6
挂面 把 20 1 2 5
鸡蛋10枚 盒 45 1 2 8
白糖 袋 20 1 - 2
食盐 袋 10 1 - 3
酱油 瓶 30 1 - 3
陈醋 瓶 25 1 - 3
绿豆 袋 30 1 - 2
口罩 包 20 2 - 3
创可贴 盒 15 2 - 2
体温计 支 45 2 1 1
棉签 包 10 5 - 2
血压记录本 本 10 5 1 1
垃圾袋 卷 15 3 - 4
拖把 把 55 3 1 2
抹布 包 20 3 - 3
围裙 条 35 3 1 1
雨伞 把 70 6 1 3
电池 板 20 6 2 3
手电筒 支 50 6 1 2
插线板 个 75 6 1 1
水杯 个 40 7 1 3
保温壶 个 120 7 1 2
购物袋 个 15 7 - 2
笔记本 本 15 8 2 2
图书一册 册 30 8 2 2
跳绳 根 35 4 1 1
水彩笔 盒 30 4 1 1
理发券 张 50 9 1 4
春联福字 套 20 10 1 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A good of the demo.

    Attributes:
        ordinal: place in the catalogue, from 1.
        points: what one piece costs, in whole points.
        partner: who gives it.
        month_pieces_max: how many one person may have in a month, or None.
        liked: how often it is taken, beside the others.
    """

    ordinal: int
    name: str
    unit_word: str
    points: int
    partner: str
    month_pieces_max: int | None
    liked: int

    @property
    def barcode(self) -> str:
        """An in-house EAN-13 code: prefix 20, one giver after the other, with its check digit."""
        digits = f"20{PARTNERS.index(self.partner) + 1:03d}{self.ordinal:07d}"
        return digits + check_digit_for(digits)

    @property
    def unit_price_fen(self) -> int:
        """What one piece is worth on the donor's slip."""
        return self.points * FEN_PER_POINT


def articles() -> tuple[Article, ...]:
    """Return the catalogue."""
    lines = _CATALOGUE.split("\n")[1:-1]
    return tuple(_article(ordinal, line.split(" ")) for ordinal, line in enumerate(lines, start=1))


def _article(ordinal: int, columns: list[str]) -> Article:
    name, unit_word, points, giver, limit, liked = columns
    return Article(
        ordinal=ordinal,
        name=name,
        unit_word=unit_word,
        points=int(points),
        partner=PARTNERS[int(giver)],
        month_pieces_max=None if limit == "-" else int(limit),
        liked=int(liked),
    )
