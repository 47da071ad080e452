"""Sentences about codes on paper, receipts, signed heads, witnesses and the evidence bundle."""

from typing import Final

SENTENCES: Final = {
    "not_a_code": (
        "这不是爱心存折的编号：应为 9 开头的 20 位数字，收到 {digits} 位。什么都没有改动。请核对后再扫或再输一次。",
        "This is not one of our codes: 20 digits beginning with 9, but there are {digits}. Nothing was changed. Check "
        "it and scan or type it again.",
    ),
    "code_mistyped": (
        "编号里有数字不对，可能抄错或漏看了一位。什么都没有改动。请对着纸上的 20 位数字再输一次。",
        "A digit of the code is wrong or two are exchanged. Nothing was changed. Type the 20 digits again.",
    ),
    "log_key_missing": (
        "找不到账本签名钥匙（{file}）。没有签名。请运行 timebank init，或从保管处放回这个文件。",
        "The key that signs the log is missing ({file}). Nothing was signed. Run timebank init, or put the file back.",
    ),
    "log_key_wrong": (
        "{where} 里不是账本签名钥匙。没有签名。请从保管处放回原来的文件。",
        "{where} does not hold the key that signs the log. Nothing was signed. Put the original file back.",
    ),
    "last_heads_damaged": (
        "签名记录读不出来（{file}）。没有签名。请从保管处放回原来的文件，或由管理员运行 timebank log recover。",
        "The memory of the last signed heads cannot be read ({file}). Nothing was signed. Put the original file back, "
        "or let an administrator run timebank log recover.",
    ),
    "last_head_moved": (
        "另一个程序刚刚签了名。这一次没有签名，账目没有变化。请再试一次。",
        "Another process has just signed. Nothing was signed this time and nothing was changed. Try again.",
    ),
    "books_stopped": (
        "账本自检发现问题，已停止记账。这次没有办成，没有扣分。请联系管理员；查看不受影响。",
        "The books found themselves damaged and take nothing more. This was not done and nothing was deducted. Tell "
        "the administrator; reading goes on.",
    ),
    "log_damaged": (
        "账本的校验值前后不符（到第 {size} 笔）。没有签名。请停止记账，保存现场，并联系管理员和审计员。",
        "The hashes of the log do not agree with each other (up to entry {size}). Nothing was signed. Stop booking, "
        "keep everything as it is, and tell the administrator and the auditor.",
    ),
    "entry_altered": (
        "第 {seq} 笔记账以后被改过。没有签名。请停止记账，保存现场，并联系管理员和审计员。",
        "Entry {seq} was changed after it was booked. Nothing was signed. Stop booking, keep everything as it is, and "
        "tell the administrator and the auditor.",
    ),
    "log_rolled_back": (
        "账本只有 {found_size} 笔，可是已经签到第 {signed_size} 笔。可能恢复了旧备份，或末尾被删。没有签名。"
        "如果确实恢复了备份，请管理员运行 timebank log recover。",
        "The log has {found_size} entries, but {signed_size} were signed. An old backup may have been restored, or the "
        "end was cut off. Nothing was signed. If a backup was restored, let an administrator run timebank log recover.",
    ),
    "log_forked": (
        "前 {size} 笔和签过名的不是同一本账。没有签名。请停止记账，保存现场，并联系管理员和审计员。",
        "The first {size} entries are not the ones that were signed: there are two histories. Nothing was signed. Stop "
        "booking, keep everything as it is, and tell the administrator and the auditor.",
    ),
    "last_head_missing": (
        "已经签到第 {signed_size} 笔，可是签名记录（last-heads.json）丢了或太旧。没有签名。"
        "请放回原来的文件，或由管理员运行 timebank log recover。",
        "{signed_size} entries were signed, but the memory of it (last-heads.json) is gone or too old. Nothing was "
        "signed. Put the original file back, or let an administrator run timebank log recover.",
    ),
    "witness_known": (
        "已经有名为“{name}”的见证人。没有登记。请换一个名称。",
        "There is a witness of the name “{name}” already. Nothing was registered. Choose another name.",
    ),
    "not_a_witness_key": (
        "“{name}”不是见证人的公钥。没有登记。请用 timebank witness init 显示的那一行。",
        "“{name}” is not the key of a witness. Nothing was registered. Use the line that timebank witness init shows.",
    ),
    "holder_unclear": (
        "请写明谁保管见证钥匙，1 到 {length_max} 个字。没有登记。",
        "Say who keeps the witness's key, in 1 to {length_max} characters. Nothing was registered.",
    ),
    "witness_clock_ahead": (
        "“{name}”签名的时间 {seen_at} 还没有到。没有收下。请对方调好电脑时间，再签一次。",
        "“{name}” signed at {seen_at}, which is still to come. It was not accepted. Set that computer's clock and sign "
        "again.",
    ),
    "not_witnessed": (
        "文件里没有登记过的见证人签名。没有收下。请先登记见证人，或换成签好的文件。",
        "No registered witness has signed this file. It was not accepted. Register the witness first, or hand in the "
        "signed file.",
    ),
    "no_such_head": (
        "没有签过第 {size} 笔为止的账本头。请核对文件是不是这个社区的。",
        "No head of {size} entries was signed. Check that the file belongs to this community.",
    ),
    "malformed_witness_request": (
        "这不是给见证人核对的文件。没有签名。请向社区要 timebank witness request 写出的原始文件。",
        "No request to a witness. Nothing was signed. Ask for the file that timebank witness request wrote.",
    ),
    "witness_file_wrong": (
        "{file} 不是见证人的文件。没有签名。请用 timebank witness init 做出的那个文件。",
        "{file} is not a witness's file. Nothing was signed. Use the one that timebank witness init has made.",
    ),
    "log_unknown": (
        "第一次见到账本“{log}”，要先告诉本机它的公钥。没有签名。请照每周公示加上 --log-key 那一行。",
        "The log “{log}” is new here. Nothing was signed. Add --log-key with the line from the weekly notice.",
    ),
    "request_outdated": (
        "这个文件从第 {request_size} 笔比起，可是您上次见到第 {seen_size} 笔。没有签名。请向社区要一份新的。",
        "This file starts from entry {request_size}, but you saw entry {seen_size} last. Nothing was signed. Ask for a "
        "new one.",
    ),
    "no_such_witness": (
        "没有登记名为“{name}”的见证人（现有：{known}）。没有写文件。",
        "No witness “{name}” is registered (there are: {known}). No file was written.",
    ),
    "no_such_file": (
        "文件 {file} 打不开或不存在。什么都没有改动。请核对文件名。",
        "The file {file} is not there or cannot be opened. Nothing was changed. Check its name.",
    ),
    "file_there": (
        "文件 {file} 已经存在，没有覆盖。请换一个文件名。",
        "The file {file} is there already and was not overwritten. Choose another name.",
    ),
    "not_reached": (
        "连不上 {address}（{problem}）。没有交出签名，账目没有变化。请检查网络和地址后再试一次。",
        "{address} was not reached ({problem}). Nothing was handed in. Check network and address and try again.",
    ),
    "turned_away": (
        "{address} 有回答，但没有办成。对方说：{reason}",
        "{address} answered, but it did not come about. It says: {reason}",
    ),
    "key_comes_from_setting": (
        "签名钥匙来自设置 TIMEBANK_LOG_KEY。没有更换。请先改用文件 log-key.json。",
        "The key comes from the setting TIMEBANK_LOG_KEY. It was not changed. Use the file log-key.json first.",
    ),
    "books_damaged": (
        "全部重算时发现 {findings_total} 处对不上，已停止记账。请联系管理员和审计员；修好后再核对一遍，就能继续。",
        "Reading everything again found {findings_total} things wrong; the books take nothing more. Tell the "
        "administrator and the auditor. When it is cleared up, verify once more and go on.",
    ),
    "entry_too_large": (
        "一次的行数太多，账本一笔装不下。没有办成，什么都没有改动。请分成几次办。",
        "This is more than one entry of the log can hold. Nothing was done. Divide it into several.",
    ),
    "not_yet_signed": (
        "第 {seq} 笔刚刚记上，还没有签名。请过一分钟再试。",
        "Entry {seq} was booked a moment ago and is not signed yet. Try again in a minute.",
    ),
    "no_such_document": (
        "查不到这个编号，请核对纸上的 20 位数字。什么都没有改动。",
        "There is nothing under this code. Check the 20 digits on the paper.",
    ),
    "document_differs": (
        "纸上的编号和账上的第 {seq} 笔对不上。它可能是别的社区的单据；如果就是本社区的，请带着单据找审计员。",
        "The code does not belong to entry {seq} of this log. The paper may be of another community; if it is of this "
        "one, take it to the auditor.",
    ),
    "receipt_without_entry": (
        "文件里没有那一笔的内容，无法核对。请使用社区给的原始凭证文件。",
        "The file does not carry the entry that it proves. Use the original receipt of the community.",
    ),
}
