"""Sentences of family helpers."""

from typing import Final

SENTENCES: Final = {
    "helper_unclear": (
        "代办的家人要是另一位志愿者，写明关系（1 到 {length_max} 个字），期限不晚于 {last_day}。没有登记。",
        "A helper is another volunteer, with a relation of 1 to {length_max} characters, until {last_day} at the "
        "latest. Nothing was saved.",
    ),
    "helper_named_already": (
        "{number} 已经登记了这位家人，或已满 {most} 位。没有登记。请先取消一位。",
        "This helper of {number} is named already, or there are {most} of them. Nothing was saved. End one first.",
    ),
    "no_such_helper": (
        "{number} 没有登记这位家人代办。没有改动。",
        "That person does not act for {number}. Nothing was changed.",
    ),
}
