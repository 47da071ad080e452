"""What stands on a certificate, in Chinese whatever the language of the page: it is handed in at offices and schools.

One set of words for the printed page and the file, so that the two never say different things. The title claims no
national standing, and a star names the ladder by which it was granted.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import segno

from timebank.certificates.queries import Certificate
from timebank.certificates.rules import CertificateKind, CertificateState, Snapshot
from timebank.ledger.codes import read_code
from timebank.service.durations import written_minutes

TITLES: Final = {CertificateKind.SERVICE: "志愿服务记录证明", CertificateKind.STAR: "社区志愿者星级证书"}
HEADINGS: Final = ("日期", "活动", "内容和地点", "时长")
STARS: Final = "零一二三四五"
STATES: Final = {
    CertificateState.VALID: ("有效", "valid"),
    CertificateState.SUSPENDED: ("暂时无效", "suspended"),
    CertificateState.REVOKED: ("已作废", "revoked"),
    CertificateState.REPLACED: ("已换新", "replaced"),
}
NOT_NATIONAL: Final = "本证书由本社区记录并出具，谁记录谁证明；未与全国志愿服务信息系统对接。"
OF_THAT_DAY: Final = "所列时长是出具当天账上已经入账的；以后增加或更正的，不改变本证书。"
BODIES: Final = {"area": "本社区的片区", "community": "本社区", "upper": "上级（由本社区推荐，按上级的答复登记）"}
OWN_LADDER: Final = "星级是本社区阶梯上的星级，不等同于全国星级志愿者。"


def words_of(certificate: Certificate, address: str) -> Mapping[str, Any]:
    """Return the words of a certificate; `address` is where anybody checks it."""
    said = certificate.snapshot
    return {
        "title": TITLES[said.kind],
        "subtitle": f"{said.unit}出具",
        "number": said.number,
        "unit": said.unit,
        "day": {"year": said.issued_on.year, "month": said.issued_on.month, "day": said.issued_on.day},
        "paragraphs": [_sentence(said)],
        "facts": _facts(said),
        "headings": HEADINGS,
        "rows": _rows(said),
        "signed": _signed(said),
        "notes": _notes(said, address),
        "qr": segno.make(address, error="m", micro=False).svg_inline(scale=4, border=2),
        "code": read_code(certificate.code).grouped,
        "check": "扫码核对",
    }


def in_chinese(day: date) -> str:
    """Write a day as it stands on a certificate."""
    return f"{day.year}年{day.month}月{day.day}日"


def period_of(said: Snapshot) -> str:
    """Write the time that a certificate of service covers."""
    if said.period is None:
        return ""
    until = in_chinese(said.period.until_on)
    return f"{in_chinese(said.period.since_on)}至{until}" if said.period.since_on else f"从第一次服务至{until}"


def _sentence(said: Snapshot) -> str:
    whom = f"{said.name}（志愿者编号 {said.volunteer_number}）"
    if said.level is None or said.granted_on is None:
        return f"兹证明{whom}参加志愿服务，累计{written_minutes(said.total_minutes)}。"
    star = f"{STARS[said.level]}星志愿者"
    return f"兹证明{whom}经评定，自{in_chinese(said.granted_on)}起为“{said.ladder}”{star}。"


def _facts(said: Snapshot) -> list[tuple[str, str]]:
    if said.level is not None:
        return [
            ("星级", f"{STARS[said.level]}星（{'★' * said.level}）"),
            ("阶梯", f"{said.community}“{said.ladder}”"),
            ("由谁评定", BODIES.get(said.body, "本社区")),
            ("这一级要求", f"累计服务{written_minutes(said.needed_minutes)}"),
            ("评定时累计", written_minutes(said.total_minutes)),
        ]
    carried = [("其中上线前转入", written_minutes(said.carried_minutes))] if said.carried_minutes else []
    return [
        ("服务时间", period_of(said)),
        ("累计时长", written_minutes(said.total_minutes)),
        *carried,
        ("服务次数", f"{len(said.services)} 次"),
    ]


def _rows(said: Snapshot) -> list[tuple[str, str, str, str]]:
    return [
        (
            one.served_on.isoformat(),
            one.title or "志愿服务",
            "，".join(part for part in (one.content, one.place) if part and part != one.title),
            written_minutes(one.minutes),
        )
        for one in said.services
    ]


def _signed(said: Snapshot) -> list[tuple[str, str]]:
    named = (
        ("记录和出具单位", said.unit),
        ("负责人", said.responsible),
        ("经办人", said.handler),
        ("联系方式", said.contact),
        ("证书编号", said.number),
        ("出具日期", in_chinese(said.issued_on)),
    )
    return [(name, value) for name, value in named if value]


def _notes(said: Snapshot, address: str) -> list[str]:
    own = [OWN_LADDER] if said.kind is CertificateKind.STAR else [OF_THAT_DAY]
    return [*own, NOT_NATIONAL, f"真伪和是否有效：扫二维码，或在 {address} 核对。"]
