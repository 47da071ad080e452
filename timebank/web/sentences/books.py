"""Sentences of the books, the database and the settings."""

from typing import Final

SENTENCES: Final = {
    "not_enough": (
        "账户 {account} 不够：需要 {needed}，现有 {balance}。什么都没有变动。",
        "Account {account} does not hold enough: {needed} needed, {balance} there. Nothing was moved.",
    ),
    "above_bound": (
        "账户 {account} 会超过账本能记的最大数 {bound}。什么都没有变动。",
        "Account {account} would pass the largest number that the books keep ({bound}). Nothing was moved.",
    ),
    "request_key_reused": (
        "这个请求编号已经用在另一件事上（{operation}）。这次什么都没有做。请回到页面重新提交。",
        "This request key was used before for something else ({operation}). Nothing was done. Please submit again.",
    ),
    "no_such_community": (
        "这里没有代码为 {community} 的社区。请核对代码。",
        "There is no community with the code {community} here. Please check the code.",
    ),
    "period_closed": (
        "{day} 已经结账（结到 {closed_through}），不能再记。请在本期用更正的方式处理。",
        "{day} lies in a closed period (closed through {closed_through}). Nothing was booked; correct it in the open "
        "one.",
    ),
    "account_closed": (
        "账户 {account} 已经销户，不能再记。什么都没有变动。",
        "Account {account} is closed. Nothing was moved.",
    ),
    "no_such_entry": (
        "没有第 {seq} 号凭证。请核对编号。",
        "There is no entry number {seq}. Please check the number.",
    ),
    "not_reversible": (
        "第 {seq} 号凭证这一类不能冲正。什么都没有变动。",
        "Entry {seq} is of a kind that is not reversed. Nothing was moved.",
    ),
    "already_reversed": (
        "第 {seq} 号凭证已经冲正过了（见第 {reversed_by} 号）。这次什么都没有变动。",
        "Entry {seq} was reversed before (see entry {reversed_by}). Nothing was moved this time.",
    ),
    "not_empty": (
        "账户 {account} 还有余额 {balance}，不能销户。",
        "Account {account} still holds {balance} and cannot be closed.",
    ),
    "no_such_hold": (
        "没有第 {hold} 号预约。请核对编号。",
        "There is nothing on hold under number {hold}. Please check the number.",
    ),
    "hold_over": (
        "第 {hold} 号预约已经结束，不能再办一次。什么都没有变动。",
        "Hold {hold} has ended already and cannot end twice. Nothing was moved.",
    ),
    "busy": (
        "系统正忙，这次没有办成，什么都没有变动。请过几秒再试一次，重复提交也不会记两次。",
        "The database is busy. Nothing was changed. Please try again in a few seconds; it will not count twice.",
    ),
    "schema_missing": (
        "这个数据库里没有爱心存折的账本：{database}。请先运行 timebank init。什么都没有改动。",
        "There are no books of ours in this database: {database}. Run `timebank init` first. Nothing was changed.",
    ),
    "schema_older": (
        "数据库是旧版程序建的（{found}，需要 {expected}）。请先备份，再运行 timebank upgrade。什么都没有改动。",
        "The database was made by an older program ({found}; {expected} needed). Back it up, then run "
        "`timebank upgrade`. Nothing was changed.",
    ),
    "schema_newer": (
        "数据库是更新版程序建的（{found}），这个程序不敢写。请安装新版。什么都没有改动。",
        "The database was made by a newer program ({found}). Install that one. Nothing was changed.",
    ),
    "schema_damaged": (
        "数据库少了保护账本的东西：{missing}。为了安全没有启动，什么都没有改动。请从备份恢复，或联系维护人员。",
        "The database lacks what protects the books: {missing}. Not started, nothing changed. Restore a backup or "
        "call who maintains it.",
    ),
    "setting_wrong": (
        "设置 {name} 的值不对（可以是：{problem}）。没有启动。",
        "Setting {name} has a wrong value (possible: {problem}). Not started.",
    ),
    "setting_unknown": (
        "没有 {name} 这个设置。没有启动。请删掉它，或对照说明书改正。",
        "There is no setting {name}. Not started. Remove it, or compare it with the manual.",
    ),
    "setting_mistyped": (
        "没有 {name} 这个设置。是不是想写 {meant}？没有启动。",
        "There is no setting {name}. Did you mean {meant}? Not started.",
    ),
    "keys_missing": (
        "找不到密钥文件 {file}。新装请运行 timebank init；旧装请从备份放回这个文件。没有启动。",
        "The key file {file} is missing. Run `timebank init` for a new installation, or put the file back from "
        "the backup. Not started.",
    ),
}
