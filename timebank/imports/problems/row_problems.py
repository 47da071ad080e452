"""What can be wrong with a row beside what the community knows already, in both languages: behind `problems.py`.

Codes that other rooms have too are theirs (`room_problems.py`): the same refusal, told here about one row of a file,
with advice for whoever mends the file.
"""

from typing import Final

from timebank.imports.problems.problem_texts import ProblemTexts
from timebank.imports.problems.room_problems import ROOM_PROBLEMS

OWN_PROBLEMS: Final[dict[str, ProblemTexts]] = {
    "name_differs": ProblemTexts(
        "编号 {number} 登记的不是这个姓名。",
        "请照登记表核对编号和姓名，改正写错的一项。",
        "The name does not belong to {number}.",
        "Compare number and name with the register, and correct the wrong one.",
    ),
    "document_of_nobody": ProblemTexts(
        "登记表里没有这个“{label}”。",
        "请照证件核对，或改写志愿者编号。",
        "Nobody is registered with this “{label}”.",
        "Check it against the document, or write the volunteer number instead.",
    ),
    "number_and_document_differ": ProblemTexts(
        "编号 {number} 和证件号码不是同一个人。",
        "请照登记表核对这两项。",
        "Volunteer {number} has another document number.",
        "Check both against the register.",
    ),
    "overlaps_in_file": ProblemTexts(
        "和第 {first_line} 行是同一个人，时间也重叠。",
        "请删掉重复的一行，或改正写错的时间。",
        "The same person at the same time as in line {first_line}.",
        "Delete the repeated row, or correct the time.",
    ),
    "recorded_before": ProblemTexts(
        "这一行以前已经录入，不用再导入。",
        "请删掉这一行。",
        "This row is in the books already.",
        "Delete the row.",
    ),
    "opening_twice": ProblemTexts(
        "{number} 的期初余额已经转入，或者正在等确认。",
        "请删掉这一行。转错了的，先撤销那一批。",
        "The opening balance of {number} was carried over already, or waits.",
        "Delete the row; where the earlier one was wrong, undo that batch first.",
    ),
    "opening_for_oneself": ProblemTexts(
        "这是导入人自己的存折，不能自己转入。",
        "请删掉这一行，由另一位工作人员导入。",
        "This is the passbook of the person who imports.",
        "Delete the row and let a colleague import it.",
    ),
    "opening_for_family": ProblemTexts(
        "这是导入人亲属或同户人的存折，要回避。",
        "请删掉这一行，由另一位工作人员导入。",
        "This is the passbook of a relative or of the same household.",
        "Delete the row and let a colleague import it.",
    ),
    "good_named_otherwise": ProblemTexts(
        "这个条码的物品叫“{good_name}”，和“{label}”不一样。",
        "请核对条码和品名。要改名，请先在物品页面改。",
        "“{label}” is not “{good_name}”, the name of the good with this bar code.",
        "Compare bar code and name; to rename it, do so on the page of goods first.",
    ),
    "limit_differs": ProblemTexts(
        "“{good_name}”的“{label}”已经定为 {limit}，和这里不一样。",
        "请写成一样。要改限制，请先在物品页面改。",
        "The “{label}” of “{good_name}” is set to {limit} already.",
        "Write the same; to change it, do so on the page of goods first.",
    ),
    "differs_in_file": ProblemTexts(
        "同一条码，“{label}”和第 {first_line} 行不一样。",
        "请改成一样。",
        "The same bar code has another “{label}” in line {first_line}.",
        "Make them the same.",
    ),
}

ROW_PROBLEMS: Final[dict[str, ProblemTexts]] = OWN_PROBLEMS | ROOM_PROBLEMS
