"""What a certificate says and who may end it: pure decisions."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from timebank.certificates.rules import (
    CertificateEnded,
    CertificateForYourself,
    CertificateKind,
    CertificateNeedsAnother,
    CertificateReasonMissing,
    CertificateState,
    Office,
    OfficeUnclear,
    Period,
    PeriodUnclear,
    Served,
    Snapshot,
    as_text,
    check_issuer,
    check_office,
    check_period,
    check_reason,
    check_revocation,
    digest_of,
    number_for,
    services_within,
    snapshot_of,
)

TODAY = date(2026, 11, 23)
ONE, OTHER = UUID(int=1), UUID(int=2)
OFFICE = Office("幸福里社区居民委员会", "陈主任", "0531-0000 0123")
CLEANED = Served(date(2026, 11, 20), "清扫楼道", "扫楼梯", "3号楼", 90)
SERVICE = Snapshot(
    kind=CertificateKind.SERVICE,
    number="ZM2026-0001",
    community="幸福里社区",
    unit=OFFICE.unit,
    responsible=OFFICE.responsible,
    handler="李建国",
    contact=OFFICE.contact,
    name="王𬭚喆",
    volunteer_number="V0001",
    issued_on=TODAY,
    total_minutes=90,
    period=Period(None, TODAY),
    services=(CLEANED,),
)


class TestTheSnapshot:
    """It is kept as text, read back as it was, and committed to with a salt."""

    @pytest.mark.parametrize(
        "snapshot",
        [
            SERVICE,
            replace(SERVICE, period=Period(date(2026, 1, 1), TODAY), services=(), carried_minutes=90),
            replace(
                SERVICE,
                kind=CertificateKind.STAR,
                period=None,
                services=(),
                level=2,
                ladder="本社区星级",
                granted_on=TODAY,
            ),
        ],
    )
    def test_is_read_back_as_it_was_kept(self, snapshot):
        assert snapshot == snapshot_of(as_text(snapshot))

    def test_every_word_and_the_salt_count(self):
        text = as_text(SERVICE)

        assert 3 == len({digest_of(b"1", text), digest_of(b"2", text), digest_of(b"1", text.replace("90", "91"))})

    def test_is_numbered_by_kind_and_year(self):
        assert ["ZM2026-0001", "XZ2027-0013"] == [
            number_for(CertificateKind.SERVICE, 2026, 0),
            number_for(CertificateKind.STAR, 2027, 12),
        ]


class TestTheTime:
    """Both ends are included; nothing of tomorrow is certified."""

    @pytest.mark.parametrize(("since", "until"), [(None, TODAY), (TODAY, TODAY), (date(2020, 1, 1), TODAY)])
    def test_up_to_today_it_is_taken(self, since, until):
        check_period(Period(since, until), today=TODAY)

    @pytest.mark.parametrize(
        ("since", "until"), [(None, TODAY + timedelta(days=1)), (TODAY, TODAY - timedelta(days=1))]
    )
    def test_tomorrow_or_backwards_is_refused(self, since, until):
        with pytest.raises(PeriodUnclear):
            check_period(Period(since, until), today=TODAY)

    def test_services_of_both_end_days_are_listed_oldest_first(self):
        days = [date(2026, 11, day) for day in (21, 19, 20, 18)]
        served = [replace(CLEANED, served_on=day) for day in days]

        found = services_within(served, Period(date(2026, 11, 19), date(2026, 11, 20)))

        assert [date(2026, 11, 19), date(2026, 11, 20)] == [one.served_on for one in found]


class TestWho:
    """Nobody certifies themselves or their family; another person than the issuer revokes."""

    def test_the_issuer_is_neither_the_volunteer_nor_close(self):
        check_issuer("V0001", ONE, frozenset(), issuer_id=OTHER)
        for person_id, close in ((OTHER, frozenset()), (ONE, frozenset({OTHER}))):
            with pytest.raises(CertificateForYourself):
                check_issuer("V0001", person_id, close, issuer_id=OTHER)

    def test_the_issuer_does_not_revoke(self):
        check_revocation("ZM2026-0001", CertificateState.VALID, issuer_id=ONE, revoker_id=OTHER)
        with pytest.raises(CertificateNeedsAnother):
            check_revocation("ZM2026-0001", CertificateState.VALID, issuer_id=ONE, revoker_id=ONE)

    @pytest.mark.parametrize("state", [CertificateState.REVOKED, CertificateState.REPLACED])
    def test_what_ended_does_not_end_again(self, state):
        with pytest.raises(CertificateEnded):
            check_revocation("ZM2026-0001", state, issuer_id=ONE, revoker_id=OTHER)

    @pytest.mark.parametrize("reason", ["", " ", "一" * 201, "一\n二"])
    def test_an_end_says_why(self, reason):
        with pytest.raises(CertificateReasonMissing):
            check_reason(reason)

    def test_an_office_names_unit_and_person(self):
        check_office(OFFICE)
        for wrong in ({"unit": " "}, {"responsible": ""}, {"unit": "一" * 61}, {"contact": "一" * 61}):
            with pytest.raises(OfficeUnclear):
                check_office(replace(OFFICE, **wrong))
