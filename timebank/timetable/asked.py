"""What people ask for: a calendar to be kept."""

from dataclasses import dataclass

from timebank.timetable.rules import Use


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTimetable:
    """A calendar to be kept; slot_minutes None: a window is one slot; places None: any number."""

    use: Use
    name: str
    place: str
    slot_minutes: int | None = None
    places: int | None = None
