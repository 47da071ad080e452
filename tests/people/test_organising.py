"""The organisation tree and the partner units."""

import pytest

from tests.builders import an_act
from tests.people.builders import a_partner, a_place, a_staff_member, acting_as, an_admin_act, open_the_community
from timebank.people import operations, queries
from timebank.people.operations import Place
from timebank.people.operations.organising import PartnerExists, UnitNameInvalid
from timebank.people.queries import NoSuchPartner
from timebank.people.queries.places import LEVEL_NAMES, NoSuchOrgUnit, OrgLevel
from timebank.people.queries.rights import NotAllowed
from timebank.people.roles import Role


@pytest.fixture
def session(session):
    """A session in which the community is open."""
    open_the_community(session)
    return session


def ensure(session, *places, act=None):
    """Make sure of places in the name of the admin; return how many units are new."""
    return operations.ensure_org_units(session, act or an_admin_act(), places=places)["added"]


class TestTheTree:
    """domain.md: 总支—片区—楼栋—中心户, as data."""

    def test_every_level_is_made_where_it_is_named(self, session):
        added = ensure(session, Place(area="一片区", building="5号楼", member_household="李桂兰家"))

        units = {unit.name: unit for unit in queries.org_units(session, "xfl")}
        assert 3 == added
        assert [OrgLevel.BRANCH, OrgLevel.AREA, OrgLevel.BUILDING, OrgLevel.MEMBER_HOUSEHOLD] == [
            unit.level for unit in units.values()
        ]
        assert units["5号楼"].id == units["李桂兰家"].parent_id
        assert units["一片区"].id == units["5号楼"].parent_id

    def test_what_is_there_stays_as_it_is(self, session):
        ensure(session, Place(area="一片区", building="5号楼"))

        assert 1 == ensure(session, Place(area="一片区", building="5号楼"), Place(area="一片区", building="6号楼"))
        assert 0 == ensure(session, Place(area=" 一片区 ", building="6号楼"), Place())

    def test_a_place_named_twice_in_one_list_is_made_once(self, session):
        assert 2 == ensure(session, Place(area="一片区", building="5号楼"), Place(area="一片区", building="5号楼"))

    def test_one_name_under_two_areas_is_two_buildings(self, session):
        assert 4 == ensure(session, Place(area="一片区", building="1号楼"), Place(area="二片区", building="1号楼"))

    def test_a_level_may_be_left_out(self, session):
        ensure(session, Place(building="5号楼"))

        building = queries.org_units(session, "xfl")[1]
        assert (OrgLevel.BUILDING, queries.root(session, "xfl").id) == (building.level, building.parent_id)

    def test_buildings_stand_in_the_order_of_their_numbers(self, session):
        ensure(session, *(Place(area="一片区", building=f"{number}号楼") for number in (10, 2, 1)))

        assert ["1号楼", "2号楼", "10号楼"] == [unit.name for unit in queries.org_units(session, "xfl")[2:]]

    def test_the_line_of_a_unit_leads_to_the_top(self, session):
        building = a_place(session, area="一片区", building="5号楼")
        area = a_place(session, area="一片区")

        assert (building, area, queries.root(session, "xfl").id) == queries.line_of(session, "xfl", building)

    @pytest.mark.parametrize("name", ["区" * 61, "一\u202e片区", "··"])
    def test_a_name_that_cannot_be_kept_is_refused(self, session, name):
        with pytest.raises(UnitNameInvalid) as refused:
            ensure(session, Place(area=name))

        assert {"length_max": 60} == refused.value.facts

    def test_a_name_of_60_characters_is_kept(self, session):
        assert 1 == ensure(session, Place(area="区" * 60))

    def test_a_unit_that_is_not_there_is_told(self, session):
        nowhere = an_act().new_id("nowhere")

        with pytest.raises(NoSuchOrgUnit) as refused:
            queries.line_of(session, "xfl", nowhere)
        assert {"unit": str(nowhere)} == refused.value.facts
        with pytest.raises(NoSuchOrgUnit):
            queries.org_unit(session, "xfl", nowhere)

    @pytest.mark.parametrize("role", [Role.CLERK, Role.AUDITOR])
    def test_clerks_and_auditors_add_nothing(self, session, role):
        with pytest.raises(NotAllowed):
            ensure(session, Place(area="一片区"), act=acting_as(a_staff_member(session, role)))

    def test_who_works_for_a_part_adds_nothing(self, session):
        area = a_place(session, area="一片区", building="5号楼")
        coordinator = acting_as(a_staff_member(session, org_unit_id=area))

        assert 0 == ensure(session, Place(area="一片区", building="5号楼"), act=coordinator)
        with pytest.raises(NotAllowed):
            ensure(
                session,
                Place(area="一片区", building="6号楼"),
                act=acting_as(a_staff_member(session, org_unit_id=area)),
            )

    def test_every_level_has_its_chinese_name(self):
        assert set(OrgLevel) == LEVEL_NAMES.keys()


class TestPartners:
    """domain.md P1: partner units (共建单位) have a code that owns the donor's accounts."""

    def test_codes_are_counted(self, session):
        assert ["P001", "P002"] == [a_partner(session, "市第一人民医院"), a_partner(session, "国税局")]
        assert ["市第一人民医院", "国税局"] == [partner.name for partner in queries.partners(session, "xfl")]

    def test_a_partner_is_found_by_name_and_by_code(self, session):
        code = a_partner(session, "市第一人民医院")

        assert queries.partner(session, "xfl", code) == queries.find_partner_by_name(session, "xfl", "市第一 人民医院")

    def test_a_name_that_nobody_has_finds_nobody(self, session):
        assert queries.find_partner_by_name(session, "xfl", "国税局") is None

    def test_a_code_that_nobody_has_is_told(self, session):
        with pytest.raises(NoSuchPartner) as refused:
            queries.partner(session, "xfl", "P009")

        assert {"partner": "P009"} == refused.value.facts

    def test_one_name_is_one_partner(self, session):
        a_partner(session, "国税局 A")

        with pytest.raises(PartnerExists) as refused:
            a_partner(session, "国税局Ａ")

        assert {"partner": "P001"} == refused.value.facts

    def test_a_partner_has_a_name(self, session):
        with pytest.raises(UnitNameInvalid):
            a_partner(session, " ")

    def test_a_clerk_may_add_one_and_an_auditor_may_not(self, session):
        clerk, auditor = a_staff_member(session, Role.CLERK), a_staff_member(session, Role.AUDITOR)

        assert "P001" == operations.add_partner(session, acting_as(clerk), name="国税局")
        with pytest.raises(NotAllowed):
            operations.add_partner(session, acting_as(auditor), name="电力公司")
