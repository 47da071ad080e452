"""Examples of what is sent and answered, made from the shapes themselves; a test sends each of them.

A value is made by what its field is called, else by the kind of field; so a field that a shape gains has one too.
"""

from typing import Any, Final

from marshmallow import Schema, fields, validate

from timebank.web.api.fields import Number

NAMED: Final[dict[str, Any]] = {
    "account": "passbook/V0001/points/2026",
    "activity_number": "HD0001",
    "answer": "查过签到表，没有错",
    "area": "幸福里",
    "barcode": "6901234567892",
    "building": "3号楼",
    "code": "9700000000",
    "content_base64": "5aeT5ZCNLOaJi+acuuWPtwrnjovoirMsMTM5MTIzNDU2NzgK",
    "contact": "13912345678",
    "document": {"form": 9},
    "file_name": "volunteers.csv",
    "form": "hledger",
    "good_number": "G0001",
    "household_number": "H0001",
    "leader": "李建国",
    "like": "HD0001",
    "name": "王芳",
    "partner_code": "P001",
    "partner_number": "P001",
    "phone": "13912345678",
    "phone_tail": "5678",
    "place": "社区服务站",
    "reason": "多记了半小时",
    "sex": "female",
    "signed_by": "王芳",
    "text": "少了一次服务",
    "till": "1",
    "title": "楼道清洁",
    "unit_word": "袋",
    "url": "https://example.org/timebank",
    "volunteer_number": "V0001",
}
"""By the name of a field, where people would write something in particular."""
LIKE_TEXT: Final = (fields.String, fields.AwareDateTime, fields.Date, fields.Dict)
"""The kinds of fields whose name may say more than their kind."""
LAST: Final[dict[str, Any]] = {"ends_at": "2026-11-20T11:00:00+08:00", "until_on": "2026-11-30"}
"""Of what has a beginning and an end, the end."""
ID: Final = "01890000-0000-7000-8000-000000000001"
BY_KIND: Final[tuple[tuple[type[fields.Field[Any]], Any], ...]] = (
    (Number, "V0001"),
    (fields.UUID, ID),
    (fields.Boolean, True),
    (fields.AwareDateTime, "2026-11-20T09:00:00+08:00"),
    (fields.Date, "2026-11-20"),
    (fields.Time, "09:00:00"),
    (fields.Dict, {}),
    (fields.String, "…"),
)
"""By the kind of a field; the first that fits."""


def example_of(shape: Schema) -> dict[str, Any]:
    """Make an example of a shape: everything that may stand in it."""
    return {name: _value(name, field) for name, field in shape.fields.items()}


def _value(name: str, field: fields.Field[Any]) -> Any:  # whatever JSON can say
    if isinstance(field, fields.List):
        return [_value(name.removesuffix("s"), field.inner)]
    if isinstance(field, fields.Nested):
        return example_of(field.schema)
    if isinstance(field, fields.Enum):
        first: Any = next(iter(field.enum.__members__.values()))
        return first.value
    if isinstance(field, fields.Integer):
        return _whole(field)
    known = LAST.get(name) or NAMED.get(name)
    if isinstance(known, dict) == isinstance(field, fields.Dict) and isinstance(field, LIKE_TEXT) and known is not None:
        return known
    return next((value for kind, value in BY_KIND if isinstance(field, kind)), None)


def _whole(field: fields.Integer) -> int:
    lows = [each.min for each in field.validators if isinstance(each, validate.Range)]
    return int(lows[0]) if lows and lows[0] is not None else 1
