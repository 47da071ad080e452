"""The list of what units offer: how many vouchers are left of each offer, read at once for all of them."""

import sqlalchemy as sa

from tests.builders import NOON
from tests.market.builders import XFL, a_volunteer
from tests.market.vouchers import NEXT_MONTH, a_desk, a_service, give_back, honour, take
from timebank.market.queries.vouchers import voucher_offer, voucher_offers


def statements_of(session, read):
    """Count the statements that reach the database while something is read."""
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    connection = session.connection()
    sa.event.listen(connection, "before_cursor_execute", note)
    try:
        read()
    finally:
        sa.event.remove(connection, "before_cursor_execute", note)
    return len(seen)


class TestWhatIsLeft:
    """Issue, point 7: a monthly quota; what is given back is free again."""

    def test_each_offer_counts_its_own_vouchers_of_this_month(self, shop):
        first, second, untouched = (a_service(shop, name=name) for name in ("理发", "晚餐", "修鞋"))
        desk = a_desk(shop)
        honour(shop, desk, take(shop, a_volunteer(shop, points_e2=2000), first))
        take(shop, a_volunteer(shop, points_e2=2000), first)
        back = a_volunteer(shop, points_e2=2000)
        give_back(shop, take(shop, back, second), volunteer=back)

        def left(today):
            return {one.number: one.left for one in voucher_offers(shop.session, XFL, today)}

        assert {first: 0, second: 2, untouched: 2} == left(NOON.date())
        assert {first: 2, second: 2, untouched: 2} == left(NEXT_MONTH.date())
        assert [0, 2, 2] == [voucher_offer(shop.session, XFL, one, NOON.date()).left for one in left(NOON.date())]

    def test_ten_offers_are_read_with_as_many_statements_as_one(self, shop):
        def read():
            return voucher_offers(shop.session, XFL, NOON.date())

        a_service(shop)
        alone = statements_of(shop.session, read)
        for number in range(9):
            a_service(shop, name=f"服务{number}")

        assert 10 == len(read())
        assert alone == statements_of(shop.session, read)
        assert alone > 0
