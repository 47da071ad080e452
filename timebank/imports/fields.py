"""The four kinds of table that come in, and the column names by which people know their fields.

A table, not code: whoever finds a new heading in a community's register adds it here. Headings are compared without
stars, blanks, case and width, so `手机号 *`, `单价（元）` and `Phone` need no entries of their own.

Source: the templates of `domain.md` 1.6; the headings of the E志愿 export and of the star list page quoted there.
"""

from dataclasses import dataclass
from typing import Final

from timebank.people.plain_text import composed, half_width

_DECORATION: Final = str.maketrans("", "", "*＊★☆")


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a row says, and every heading it is found under.

    headings: the first is the one in our own template and in sentences; the others are synonyms.
    """

    code: str
    english: str
    headings: tuple[str, ...]

    @property
    def chinese(self) -> str:
        """The heading in our own template."""
        return self.headings[0]


@dataclass(frozen=True, slots=True)
class TableKind:
    """A kind of table.

    required: groups of field codes; of each group at least one column must be there.
    """

    code: str
    chinese: str
    english: str
    fields: tuple[Field, ...]
    required: tuple[tuple[str, ...], ...]

    def field(self, code: str) -> Field:
        """Return one of this table's fields by its code."""
        return next(field for field in self.fields if field.code == code)

    def headings(self) -> dict[str, Field]:
        """Return the field of every known heading, the headings as `plain_heading` gives them."""
        return {plain_heading(name): field for field in self.fields for name in (*field.headings, field.english)}


def plain_heading(text: str) -> str:
    """Return a heading as it is compared: NFC, half-width, in small letters, without stars and blanks."""
    return "".join(half_width(composed(text)).translate(_DECORATION).lower().split())


_VOLUNTEER_NUMBER: Final = Field(
    "volunteer_number", "volunteer number", ("志愿者编号", "志愿者号", "志愿者ID", "志愿者号码", "志愿编号")
)
_VOLUNTEER_NAME: Final = Field("volunteer_name", "name", ("姓名", "志愿者姓名", "志愿者", "名字"))
_DOCUMENT_NUMBER: Final = Field(
    "document_number", "document number", ("证件号码", "证件号", "身份证号", "身份证号码", "身份证", "证件编号")
)
_NOTE: Final = Field("note", "note", ("备注", "说明"))

VOLUNTEERS: Final = TableKind(
    code="volunteers",
    chinese="志愿者名单",
    english="volunteer register",
    fields=(
        _VOLUNTEER_NUMBER,
        _VOLUNTEER_NAME,
        Field("document_kind", "document kind", ("证件类型", "证件种类", "证件名称")),
        _DOCUMENT_NUMBER,
        Field("phone", "phone", ("手机号", "手机", "手机号码", "联系电话", "电话", "联系方式")),
        Field("sex", "sex", ("性别",)),
        Field("born_on", "birth date", ("出生日期", "生日", "出生年月日")),
        Field("area", "area", ("片区", "网格", "所属片区")),
        Field("building", "building", ("楼栋", "楼号", "楼", "所属楼栋")),
        Field("skills", "skills", ("技能", "特长", "专长")),
        Field("political_status", "political status", ("政治面貌",)),
        Field("guardian_name", "guardian", ("监护人", "监护人姓名")),
        _NOTE,
    ),
    required=(("volunteer_name",), ("phone",)),
)

HOURS: Final = TableKind(
    code="hours",
    chinese="服务签到表",
    english="sign-in sheet",
    fields=(
        Field("activity_number", "activity number", ("活动编号", "活动号", "活动ID")),
        _VOLUNTEER_NUMBER,
        _DOCUMENT_NUMBER,
        _VOLUNTEER_NAME,
        Field("served_on", "date", ("日期", "服务日期", "活动日期", "签到日期")),
        Field("starts_at", "start", ("开始时间", "开始", "签到时间", "服务开始时间")),
        Field("ends_at", "end", ("结束时间", "结束", "签退时间", "服务结束时间")),
        Field("service_class", "service class", ("服务类型", "服务类别", "类型", "类别")),
        Field("place", "place", ("地点", "服务地点")),
        Field("content", "content", ("内容", "服务内容", "服务描述")),
        Field("leader", "leader", ("负责人", "活动负责人")),
        Field("recorder", "recorder", ("记录人", "登记人")),
        Field("sheet_number", "sheet number", ("签到表编号", "依据", "签到表", "签到表号")),
        Field("rating", "rating", ("评价", "星数", "评分")),
        Field("late_reason", "late reason", ("补录原因", "迟录原因")),
        _NOTE,
    ),
    required=(
        ("activity_number",),
        ("volunteer_number", "document_number"),
        ("starts_at",),
        ("ends_at",),
        ("service_class",),
        ("leader",),
    ),
)

OPENING: Final = TableKind(
    code="opening",
    chinese="期初余额",
    english="opening balances",
    fields=(
        _VOLUNTEER_NUMBER,
        _VOLUNTEER_NAME,
        Field("opening_minutes", "minutes", ("累计分钟", "累计时长(分钟)", "服务时长(分钟)", "分钟")),
        Field("opening_hours", "hours", ("累计小时", "累计时长(小时)", "服务时长(小时)", "历史时数", "小时")),
        Field("opening_points", "points", ("结余积分", "积分", "积分结余", "积分余额", "剩余积分")),
        Field("paper_passbook_number", "paper passbook", ("纸质存折号", "存折号", "存折编号")),
        _NOTE,
    ),
    required=(
        ("volunteer_number",),
        ("volunteer_name",),
        ("opening_minutes", "opening_hours"),
        ("opening_points",),
    ),
)

GOODS: Final = TableKind(
    code="goods",
    chinese="物品入库",
    english="delivery of goods",
    fields=(
        Field("barcode", "bar code", ("条码", "条形码", "商品条码", "物品条码")),
        Field("good_name", "good", ("品名", "物品名称", "商品名称", "物品", "名称")),
        Field("price_points", "points", ("兑换积分", "积分", "所需积分", "积分价")),
        Field("pieces", "pieces", ("数量", "件数", "入库数量")),
        Field("unit_price_yuan", "unit price (yuan)", ("单价(元)", "单价", "价格(元)", "采购单价")),
        Field("donor", "donor", ("捐赠单位", "捐赠方", "捐赠人", "来源")),
        Field("expires_on", "best before", ("有效期", "有效期至", "保质期至", "到期日期")),
        Field("monthly_limit", "monthly limit", ("每人每月限兑", "每月限兑", "限兑", "限兑数量")),
        _NOTE,
    ),
    required=(("barcode",), ("good_name",), ("price_points",), ("pieces",)),
)

KINDS: Final = (VOLUNTEERS, HOURS, OPENING, GOODS)

KNOWN_HEADINGS: Final = frozenset(heading for kind in KINDS for heading in kind.headings())

# The columns of the error file: they come back with a mended file and are passed over without a word.
LINE_HEADING: Final = "行号"
PROBLEM_HEADING: Final = "问题"
MEND_HEADING: Final = "怎么改"
ERROR_HEADINGS: Final = (LINE_HEADING, PROBLEM_HEADING, MEND_HEADING)

FIELD_NAMES: Final[dict[str, tuple[str, str]]] = {
    field.code: (field.chinese, field.english) for kind in KINDS for field in kind.fields
}
