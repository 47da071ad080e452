"""Sentences for damaged or foreign receipts, checkpoints, proofs and tiles of the log."""

from typing import Final

SENTENCES: Final = {
    "not_a_hash": (
        "校验值长度不对：应为 32 字节，实际 {length_bytes} 字节。未通过核验。请重新获取完整的凭证文件。",
        "A hash has {length_bytes} bytes instead of 32. Nothing was proven. Fetch the complete file again.",
    ),
    "entry_beyond_tree": (
        "凭证指向第 {index} 号位置（从 0 数起），但检查点只有 {size} 条记录。未通过核验。"
        "请向社区索取与检查点相符的凭证。",
        "The proof speaks of position {index} (counted from 0), but this checkpoint has {size} entries. Nothing was "
        "proven. Ask the community for the proof that belongs to it.",
    ),
    "empty_head": (
        "较早的检查点里还没有任何记录，无法比较。未通过核验。请换用一个已有记录的检查点。",
        "The older checkpoint has no entries, so nothing can be compared. Use one that has entries.",
    ),
    "head_went_back": (
        "新检查点只有 {newer_size} 条记录，比您见过的 {older_size} 条还少。账本可能被退回或截短。"
        "未通过核验，请不要见证，并告知审计员。",
        "The new checkpoint has {newer_size} entries, fewer than the {older_size} seen before. The log may have been "
        "rolled back or cut. Nothing was accepted: do not cosign, and tell the auditor.",
    ),
    "wrong_proof_length": (
        "证明里有 {found} 个校验值，应为 {expected} 个。未通过核验。请重新获取完整的证明。",
        "The proof has {found} hashes instead of {expected}. Nothing was proven. Fetch the complete proof again.",
    ),
    "entry_not_proven": (
        "证明不成立：不能证明这条记录在检查点的 {size} 条记录之中。请核对原件；如果无误，请告知审计员。",
        "The proof does not hold: it does not show this entry among the {size} entries of the checkpoint. Compare "
        "it with the original; if that is right, tell the auditor.",
    ),
    "history_not_proven": (
        "证明不成立：不能证明先前的 {older_size} 条记录原样保留在现在的 {newer_size} 条之中。"
        "请不要见证，保存好这两个检查点，并告知审计员。",
        "The proof does not hold: it does not show that the {older_size} older entries are unchanged among the "
        "{newer_size}. Do not cosign, keep both checkpoints, and tell the auditor.",
    ),
    "no_such_tile": (
        "没有这个账本文件，地址写法不对。没有读取任何内容。请从账本目录重新打开。",
        "There is no such file of the log: the address is not written as it should be. Open it from the log.",
    ),
    "note_too_large": (
        "文件太大：最多 {bytes_max} 字节、{signatures_max} 个签名。没有读取任何内容。请确认选对了文件。",
        "The file is too large: at most {bytes_max} bytes and {signatures_max} signatures. Nothing was read. "
        "check that it is the right file.",
    ),
    "note_not_text": (
        "文件第 {line} 行有不允许的字符，可能被其他软件改过。没有采用任何内容。请使用原始文件。",
        "Line {line} of the file has a character that is not allowed; another program may have changed it. Nothing was "
        "accepted. Use the original file.",
    ),
    "note_cut_off": (
        "文件末尾不完整，可能没有复制全。没有采用任何内容。请重新复制或下载整个文件。",
        "The end of the file is missing; it may not have been copied whole. Nothing was accepted. Copy or download "
        "the whole file again.",
    ),
    "note_not_signed": (
        "文件里没有签名。没有采用任何内容。请使用带签名行的完整文件。",
        "The file has no signatures. Nothing was accepted. Use the complete file with its signature lines.",
    ),
    "malformed_signature": (
        "第 {number} 个签名行的格式不对。没有采用任何内容。请使用原始文件。",
        "Signature line {number} is not written as it should be. Nothing was accepted. Use the original file.",
    ),
    "malformed_key": (
        "这不是有效的公钥。没有保存。请把“名称+编号+公钥”整行重新复制一次。",
        "This is not a valid public key. Nothing was saved. Copy the whole line «name+id+key» again.",
    ),
    "not_signed_by": (
        "文件没有“{name}”的签名。未通过核验。请确认文件来自正确的社区或见证人。",
        "The file is not signed by “{name}”. Nothing was proven. Check that it comes from the right community or "
        "witness.",
    ),
    "signature_mismatch": (
        "“{name}”的签名与内容不符，内容可能被改过。未通过核验。请保存这份文件，并告知审计员。",
        "The signature of “{name}” does not belong to this text, which may have been changed. Nothing was proven. "
        "keep the file and tell the auditor.",
    ),
    "malformed_checkpoint": (
        "这不是有效的检查点。没有采用任何内容。请使用社区公布的原始文件。",
        "This is not a valid checkpoint. Nothing was accepted. Use the original file that the community published.",
    ),
    "malformed_log_proof": (
        "这不是有效的凭证文件。未通过核验。请重新下载扩展名为 .tlog-proof 的原始文件。",
        "This is not a valid receipt file. Nothing was proven. Download the original .tlog-proof file again.",
    ),
    "foreign_log": (
        "这个检查点属于“{found}”，不是“{expected}”的账本。未通过核验。请选择正确社区的文件。",
        "This checkpoint is of “{found}”, not of the log “{expected}”. Nothing was proven. Choose the file of the "
        "right community.",
    ),
}
