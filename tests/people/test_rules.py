"""What is decided about people without asking anything: ages and passwords."""

from datetime import date

import pytest

from timebank.people.rules import (
    PasswordTooCommon,
    PasswordTooLong,
    PasswordTooShort,
    age_on,
    check_password,
)


class TestAge:
    """PIPL 31 and Beijing's rules: whole years on the day of registration."""

    @pytest.mark.parametrize(
        ("day", "age"), [(date(2026, 11, 22), 13), (date(2026, 11, 23), 14), (date(2026, 11, 24), 14)]
    )
    def test_a_year_is_full_on_the_birthday(self, day, age):
        assert age == age_on(date(2012, 11, 23), day)

    @pytest.mark.parametrize(("day", "age"), [(date(2026, 2, 28), 13), (date(2026, 3, 1), 14)])
    def test_who_was_born_on_a_leap_day_is_older_on_the_first_of_march(self, day, age):
        assert age == age_on(date(2012, 2, 29), day)


class TestPasswords:
    """ASVS 5.0, 6.2: a length, a blocklist, nothing about kinds of characters."""

    @pytest.mark.parametrize(
        "password",
        ["海棠花在三号楼下开了", "correct horse battery", "tuvxk4nw", "   四个 空格    ", "x" * 4 + "abyzqk"],
    )
    def test_what_others_would_not_think_of_is_accepted(self, password):
        check_password(password, own=("admin", "S001", "王秀英"))

    @pytest.mark.parametrize("password", ["", "tuvxk4n"])
    def test_seven_characters_are_too_short(self, password):
        with pytest.raises(PasswordTooShort) as refused:
            check_password(password, own=())

        assert {"length_min": 8} == refused.value.facts

    def test_a_password_has_at_most_128_characters(self):
        password = "海棠花在三号楼下开了" * 12 + "tuvxk4nw"
        check_password(password, own=())

        with pytest.raises(PasswordTooLong) as refused:
            check_password(password + "x", own=())

        assert {"length_max": 128} == refused.value.facts

    @pytest.mark.parametrize(
        "password",
        [
            "12345678",
            "88888888",
            "11112222",
            "password",
            "P@ssw0rd",
            "p@ssw0rd2024",
            "Admin123",
            "qwertyuiop",
            "1qaz2wsx",
            "woaini1314",
            "5201314520",
            "19491001",
            "abcd1234",
            "a123456789",
            "qq123456",
            "147258369",
            "asdfasdf",
            "abababab",
            "zhongguo123",
            "timebank2026",
        ],
    )
    def test_what_everybody_tries_first_is_refused(self, password):
        with pytest.raises(PasswordTooCommon):
            check_password(password, own=())

    @pytest.mark.parametrize(
        "password", ["wangxiuying", "WangXiuYing58", "v0005v0005", "13900001111", "xfl13900001111"]
    )
    def test_the_own_name_phone_and_number_are_refused(self, password):
        with pytest.raises(PasswordTooCommon):
            check_password(password, own=("wangxiuying", "V0005", "13900001111", "xfl"))
