"""Sentences of the demo."""

from typing import Final

SENTENCES: Final = {
    "demo_needs_sqlite": (
        "演示只用自己的文件，不进数据库服务器。请去掉 TIMEBANK_DATABASE_URL 再试。什么都没有做。",
        "The demo uses a file of its own, never a database server. Unset TIMEBANK_DATABASE_URL. Nothing was done.",
    ),
    "demo_finds_another": (
        "这个数据库里有别的内容（{community}），不是演示生成的。演示不会碰它，什么都没有做。请换一个文件夹：--folder。",
        "This database holds something that the demo did not make ({community}). It was not touched; nothing was done. "
        "Choose another folder: --folder.",
    ),
    "port_taken": (
        "端口 {port} 已被别的程序占用，没有启动。请换一个：--port。",
        "Port {port} is taken by another program; nothing was started. Choose another: --port.",
    ),
}
