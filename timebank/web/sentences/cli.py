"""Sentences of the command line."""

from typing import Final

SENTENCES: Final = {
    "night_not_over": (
        "{day} 还没有到。什么都没有做。请写今天或以前的日期。",
        "{day} has not come yet. Nothing was done. Name today or an earlier day.",
    ),
    "which_community": (
        "要说明是哪个社区：加上 --community 代码（现有：{known}）。什么都没有做。",
        "Say for which community: add --community CODE (there are: {known}). Nothing was done.",
    ),
    "database_out_of_reach": (
        "数据库现在用不了（{reason}）。请过一会儿再试，或者核对 TIMEBANK_DATABASE_URL。",
        "The database cannot be had now ({reason}). Try again, or check TIMEBANK_DATABASE_URL.",
    ),
    "database_unreadable": (
        "数据库文件读不出来（{reason}）。请停止使用，保留这个文件，恢复最近的备份。",
        "The database file cannot be read ({reason}). Stop using it, keep the file, and restore the last backup.",
    ),
    "no_such_part": (
        "组织架构里叫“{name}”的有 {count} 个，分不清是哪一个。什么都没有做。请核对名称。",
        "There are {count} parts of the community called “{name}”. Nothing was done. Check the name.",
    ),
    "no_such_open_case": (
        "没有等评定的星级：{volunteers}。什么都没有做。请用 timebank star list 查看。",
        "No star waits for a decision: {volunteers}. Nothing was done. See timebank star list.",
    ),
    "nothing_waits": (
        "活动 {activity} 没有等批准的时长。什么都没有做。请用 timebank hours pending 查看。",
        "No hours of activity {activity} wait for approval. Nothing was done. See timebank hours pending.",
    ),
    "backup_exists": (
        "{file} 已经存在。没有备份，也没有改动它。请换一个文件名。",
        "{file} exists. Nothing was copied and it was not touched. Choose another name.",
    ),
    "backup_by_server": (
        "PostgreSQL 请用它自己的工具备份，没有备份：pg_dump --format=custom --file={file} {database}",
        "PostgreSQL makes its own backups; nothing was copied: pg_dump --format=custom --file={file} {database}",
    ),
    "backup_damaged": (
        "备份出来的文件 {file} 核对没有通过，已经删掉。请运行 timebank doctor 和 timebank verify。",
        "The copy {file} did not pass its check and was removed. Run timebank doctor and timebank verify.",
    ),
    "key_unusable": (
        "请求编号要有 8 到 100 个字母、数字或符号，不能有空格。什么都没有做。",
        "A request key has 8 to 100 letters, digits or signs, and no blanks. Nothing was done.",
    ),
    "act_as_whom": (
        "要说明以谁的名义办：加上 --as 登录名。什么都没有做。",
        "Say in whose name: add --as LOGIN. Nothing was done.",
    ),
    "nothing_takes_further": (
        "{activity} 没有等再一位审批的时长。没有改动。请用 timebank hours unconfirmed 看看。",
        "No hours of {activity} wait for a further approver. Nothing was changed. See timebank hours unconfirmed.",
    ),
    "nothing_to_confirm": (
        "{activity} 没有等确认的时长。没有改动。请用 timebank hours unconfirmed 看看。",
        "No hours of {activity} wait for a yes. Nothing was changed. See timebank hours unconfirmed.",
    ),
}
