"""Names as they are searched."""

import subprocess
import sys

import pytest

from timebank.people.names import initials, login_key, name_key


class TestInitials:
    """domain.md V2: at the desk people are found by their pinyin initials."""

    @pytest.mark.parametrize(
        ("name", "letters"),
        [
            ("王秀英", "wxy"),
            ("欧阳修", "oyx"),
            ("阿依古丽·买买提", "ayglmmt"),
            ("㛃彧", "jy"),
            ("刘䶮", "ly"),
            ("吕布", "lb"),
            ("Tom Li", "tomli"),
            ("王Ａ", "wa"),
        ],
    )
    def test_are_the_first_letters_of_the_sounds(self, name, letters):
        assert letters == initials(name)

    @pytest.mark.parametrize(
        ("name", "letters"),
        [
            ("单雄信", "sxx"),
            ("仇和", "qh"),
            ("曾国藩", "zgf"),
            ("解缙", "xj"),
            ("区寄", "oj"),
            ("查良镛", "zly"),
            ("尉迟恭", "ycg"),
            ("尉缭", "wl"),
            ("盖叫天", "gjt"),
            ("乐毅", "yy"),
            ("翟让", "zr"),
            ("万俟卨", "mqx"),
            ("长孙无忌", "zswj"),
        ],
    )
    def test_of_surnames_are_those_of_the_surname(self, name, letters):
        assert letters == initials(name)

    def test_the_surname_table_is_for_the_first_character_only(self):
        assert "wjf" == initials("王解放")

    def test_a_character_that_nobody_has_read_is_left_out(self):
        assert "t" == initials("田𠮷")


class TestTheDictionaries:
    """They are a third of the memory of each server process; who only sells or verifies never reads a sound."""

    def test_are_loaded_with_the_first_name_that_is_read(self):
        told = "import sys, timebank.app; from timebank.people.names import initials\n"
        told += "print('pypinyin' in sys.modules, initials('王秀英'), 'pypinyin' in sys.modules)"
        done = subprocess.run([sys.executable, "-c", told], check=True, capture_output=True, text=True)
        assert done.stdout.split() == ["False", "wxy", "True"]


class TestNameKeys:
    """trust.md N11: one name in two spellings is one name."""

    @pytest.mark.parametrize("name", ["阿依古丽·买买提", "阿依古丽 买买提", "阿依古丽•买买提", " 阿依古丽・买买提　"])
    def test_blanks_and_middle_dots_make_no_difference(self, name):
        assert "阿依古丽买买提" == name_key(name)

    def test_full_width_and_capital_letters_make_no_difference(self):
        assert name_key("tom li") == name_key("ＴＯＭ-LI")

    @pytest.mark.parametrize("name", ["%", "_", "\\", "' \"", "…"])
    def test_signs_alone_are_no_name(self, name):
        assert "" == name_key(name)

    @pytest.mark.parametrize("login", [" ChenMin ", "chenmin", "ＣｈｅｎＭｉｎ"])
    def test_a_login_is_one_login_however_it_is_typed(self, login):
        assert "chenmin" == login_key(login)
