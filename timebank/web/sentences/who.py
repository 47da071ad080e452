"""Sentences of looking somebody up by what was scanned or typed."""

from typing import Final

SENTENCES: Final = {
    "several_meant": (
        "叫 {name} 的有 {numbers}。没有记下。请改用编号或扫卡。",
        "{numbers} are called {name}. Nothing was noted. Use the number or scan the card.",
    ),
}
