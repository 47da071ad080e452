"""A town: a community of any size, made by the operations that communities use, ready to redeem at the till.

Everything happened in the days before `now`; every volunteer has served, so everybody has points and a passbook.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final, TypeVar
from uuid import UUID

from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from timebank.books import head as heads
from timebank.books.acts import Act
from timebank.books.loading import in_chunks
from timebank.books.requests import Secret
from timebank.database import reading, writing
from timebank.ledger.days import day_of
from timebank.market import operations as market
from timebank.market.operations import NewDonation, NewGood, NewLot, NewPrice
from timebank.market.queries import goods
from timebank.people import operations as people
from timebank.people import queries
from timebank.people.operations import FIRST_ADMIN_ID, NewCommunity, NewStaff, NewVolunteer
from timebank.people.roles import SYSTEM, Role
from timebank.rulebook.operations import publish_first
from timebank.rulebook.rules import AT_ONCE, RuleDocument, ordinary_document
from timebank.service import operations as service
from timebank.service.asked import NewRecord

CLERK: Final = "zhao"
"""Login name of whoever serves at the till."""
PRICE_POINTS_E2: Final = 10
PIECES: Final = 1_000_000
CHUNK: Final = 500
"""How many people or records one operation takes.

SQLite keeps what an operation changed in a list that each guarded row walks through: ten times as many took ten times
as long for each row.
"""
SERVED_MINUTES: Final = 120
HISTORY: Final = timedelta(days=1200)
"""How long before now the first service may lie."""

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Player:
    """Somebody of the staff who acts."""

    person_id: UUID
    number: str


@dataclass(frozen=True, slots=True)
class Town:
    """A community ready to redeem. volunteers: how many, numbered from V0001; now: after everything that happened."""

    community_id: str
    clerk: Player
    volunteers: int
    good: str
    now: datetime

    def volunteer(self, place: int) -> str:
        """Return the number of one of the volunteers, counted round and round."""
        return f"V{place % self.volunteers + 1:04d}"

    def act(self, key: str, at: datetime, player: Player | None = None) -> Act:
        """Make an act of the clerk, or of somebody else."""
        return an_act(self.community_id, player or self.clerk, key, at)


def an_act(community_id: str, player: Player, key: str, at: datetime) -> Act:
    """Make an act under a key that says what it is; its salt follows from the key."""
    return Act(
        community_id=community_id,
        person_id=player.person_id,
        number=player.number,
        at=at,
        request_key=f"bench-{key}",
        channel="bench",
        salt=hashlib.sha256(f"salt {community_id} {key}".encode()).digest(),
    )


def secret_of(community_id: str, login: str) -> Secret:
    """Return the one-time login of somebody of the staff."""
    return Secret(f"one-time login of {login} in {community_id}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How large a town is. records: services of each volunteer, each of two hours; one is four lines of the ledger."""

    volunteers: int
    records: int

    @property
    def lines(self) -> int:
        """How many ledger lines its services make."""
        return self.volunteers * self.records * 4


def found(engine: Engine, community_id: str, size: Size, now: datetime) -> None:
    """Make a town in a migrated database."""
    _Founding(engine, community_id, size, now).found()


def _rules() -> RuleDocument:
    """The ordinary rules, but approved hours are posted at once, and a passbook may sleep for years."""
    ordinary = ordinary_document()
    return replace(ordinary, confirmation=AT_ONCE, market=replace(ordinary.market, dormant_days=None))


def town_of(engine: Engine, community_id: str) -> Town:
    """Return a town that was made before, as it stands."""
    with reading(engine) as session:
        head = heads.find_head(session, community_id)
        clerk = queries.staff_by_login(session, community_id, CLERK)
        count = queries.volunteer_count(session, community_id)
        good = goods(session, community_id)[0].number
    assert head is not None, community_id
    player = Player(clerk.person_id, clerk.number)
    return Town(community_id, player, count, good, head.last_booked_at + timedelta(days=1))


class _Founding:
    """The steps of a founding, each a transaction of its own."""

    def __init__(self, engine: Engine, community_id: str, size: Size, now: datetime) -> None:
        self.engine, self.community_id, self.size, self.now = engine, community_id, size, now
        self.began_at = now - timedelta(days=20)
        self.steps = 0
        self.players = {SYSTEM: Player(FIRST_ADMIN_ID, SYSTEM)}

    def found(self) -> None:
        self._open()
        self._register()
        self._serve()
        self._stock()

    def _do(self, who: str, work: Callable[[Session, Act], Answer]) -> Answer:
        self.steps += 1
        at = self.began_at + timedelta(minutes=self.steps)
        with writing(self.engine) as session:
            return work(session, an_act(self.community_id, self.players[who], f"founding-{self.steps:06d}", at))

    def _open(self) -> None:
        today = day_of(self.began_at)
        new = NewCommunity(name="幸福里社区", go_live_on=today)
        self._do(SYSTEM, lambda session, act: self._first(session, act, new))
        for login, role in (("chen", Role.COORDINATOR), ("li", Role.COORDINATOR), (CLERK, Role.CLERK)):
            self._hire(login, role)

    def _first(self, session: Session, act: Act, new: NewCommunity) -> None:
        token = secret_of(self.community_id, "admin")
        admin = people.open_community(
            session, act, community=new, admin=NewStaff(login="admin", name="陈主任"), one_time_token=token
        )
        self.players["admin"] = Player(UUID(admin["person_id"]), admin["number"])
        rules = an_act(self.community_id, self.players[SYSTEM], "founding-rules", self.began_at)
        publish_first(session, rules, go_live_on=new.go_live_on, ordinary=_rules())

    def _hire(self, login: str, role: Role) -> None:
        staff = NewStaff(login=login, name=f"员工{login}")
        token = secret_of(self.community_id, login)
        answer = self._do(
            "admin",
            lambda session, act: people.add_staff(session, act, staff=staff, roles=(role,), one_time_token=token),
        )
        self.players[login] = Player(UUID(answer["person_id"]), answer["number"])

    def _register(self) -> None:
        everybody = [
            NewVolunteer(name=f"居民{_hanzi(place)}", phone=f"139{place:08d}", born_on=date(1960, 1, 1))
            for place in range(self.size.volunteers)
        ]
        for some in in_chunks(everybody, CHUNK):
            self._do("chen", partial(_register_all, new=tuple(some)))

    def _serve(self) -> None:
        """Old sheets are recorded by one coordinator and approved by another, as when files are imported."""
        for number, records in enumerate(self._sheets(), start=1):
            batch_id = UUID(int=number)
            self._do("chen", partial(_record_all, batch_id=batch_id, records=tuple(records)))
            self._do("li", partial(_approve_all, batch_id=batch_id))

    def _sheets(self) -> Iterator[Sequence[NewRecord]]:
        step = HISTORY / max(self.size.records, 1)
        first = self.began_at.replace(hour=1, minute=0, second=0, microsecond=0) - HISTORY - timedelta(days=1)
        for service_number in range(self.size.records):
            day = first + timedelta(days=(step * service_number).days)
            places = range(self.size.volunteers)
            yield from in_chunks([_record(self.community_id, service_number, one, day) for one in places], CHUNK)

    def _stock(self) -> None:
        partner = self._do("admin", lambda session, act: people.add_partner(session, act, name="农商行支行"))
        soap = NewGood(barcode=None, name="香皂", unit_word="块", month_pieces_max=None)
        good: str = self._do("chen", lambda session, act: market.add_goods(session, act, goods=(soap,)))["numbers"][0]
        price = (NewPrice(good, PRICE_POINTS_E2),)
        proposed = self._do(
            "chen", lambda session, act: market.propose_prices(session, act, prices=price, wanted_from=act.today)
        )
        self._do("li", lambda session, act: market.confirm_prices(session, act, version=proposed["version"]))
        donation = NewDonation(partner_code=partner, lots=(NewLot(good_number=good, pieces=PIECES),))
        received = self._do("chen", lambda session, act: market.receive(session, act, donation=donation))
        self._do("li", lambda session, act: market.check_in(session, act, donation_number=received["number"]))


def _register_all(session: Session, act: Act, *, new: tuple[NewVolunteer, ...]) -> None:
    people.register_volunteers(session, act, people=new)


def _record_all(session: Session, act: Act, *, batch_id: UUID, records: tuple[NewRecord, ...]) -> None:
    service.record_imported(session, act, batch_id=batch_id, records=records)


def _approve_all(session: Session, act: Act, *, batch_id: UUID) -> None:
    service.approve_batch(session, act, batch_id=batch_id, rating=4, answer="核对过")


def _record(community_id: str, service_number: int, place: int, day: datetime) -> NewRecord:
    return NewRecord(
        activity_number=f"HD{service_number:04d}",
        volunteer_number=f"V{place + 1:04d}",
        starts_at=day,
        ends_at=day + timedelta(minutes=SERVED_MINUTES),
        service_class="cleaning",
        place="小区广场",
        content="清洁家园",
        leader="陈敏",
        sheet_number=f"{community_id}-{service_number:04d}",
    )


def _hanzi(place: int) -> str:
    """Give everybody another name of two characters or three."""
    signs = "安邦宝成德芳刚桂海华慧建洁军兰丽林玲龙梅美明娜宁平强琴庆荣瑞山胜淑涛伟文霞祥晓欣秀雪雅燕英永玉云珍志忠"
    first, second = divmod(place, len(signs))
    third, second_sign = divmod(first, len(signs))
    return signs[second] + signs[second_sign] + (signs[third % len(signs)] if third else "")
