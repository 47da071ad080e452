"""Sentences of certificates."""

from typing import Final

SENTENCES: Final = {
    "certificate_office_unclear": (
        "单位、负责人各写 1 到 {characters_max} 个字，联系方式和用途不要太长，都写在一行里。没有保存。",
        "Unit and responsible person take 1 to {characters_max} characters each; contact and purpose stay short, on "
        "one line. Nothing was saved.",
    ),
    "certificate_office_missing": (
        "还没有写明由哪个单位出具、谁负责。没有开证明。请管理员先在“设置”里写明。",
        "Nobody has said yet which unit issues certificates and who is responsible. None was issued. An administrator "
        "says it under Settings.",
    ),
    "certificate_period_unclear": (
        "时间段要从前到后，最晚到今天（{today}），现在写到 {until_on}。没有改动。",
        "The time begins before it ends, and ends today ({today}) at the latest, not on {until_on}. Nothing was "
        "changed.",
    ),
    "nothing_to_certify": (
        "{volunteer} 在这段时间里没有已经入账的服务。没有改动。还在等审批的不能写进证明。",
        "{volunteer} has no approved service in that time. Nothing was changed. What still waits for approval cannot "
        "be certified.",
    ),
    "certificate_for_yourself": (
        "{volunteer} 是您本人、登记的亲属或同住人，证明要由别人开。没有开。",
        "{volunteer} is yourself, a declared relative or lives in your household; somebody else issues it. None was "
        "issued.",
    ),
    "certificate_ended": (
        "证书 {certificate} 已经作废或换过了。没有再改动。",
        "Certificate {certificate} was revoked or replaced before. Nothing was changed.",
    ),
    "certificate_needs_another": (
        "证书 {certificate} 是您开的，要由另一位工作人员作废。没有作废。",
        "You issued certificate {certificate}, so somebody else must revoke it. It was not revoked.",
    ),
    "certificate_reason_missing": (
        "请写明原因，1 到 {characters_max} 个字。没有改动。",
        "Say why, in 1 to {characters_max} characters. Nothing was changed.",
    ),
    "star_certificate_not_replaced": (
        "{certificate} 是星级证书，随授予产生，不能换开，只能作废。没有改动。",
        "{certificate} is the certificate of a star. It follows from the grant: it can be revoked, not issued anew. "
        "Nothing was changed.",
    ),
    "certificate_requested": (
        "{volunteer} 已经有一份申请在等办理。没有再申请。",
        "A request of {volunteer} waits already. None was added.",
    ),
    "certificate_request_decided": (
        "{volunteer} 的这份申请已经办过了。没有再改动。请刷新名单。",
        "This request of {volunteer} was answered before. Nothing was changed. Reload the list.",
    ),
    "certificate_pdf_unavailable": (
        "这台机器上没有装好 {missing}，做不出 PDF。请用这一页的打印，或者请装机器的人重新安装本程序。",
        "{missing} is not installed on this machine, so no PDF can be made. Print this page instead, or ask whoever "
        "runs the machine to install the program again.",
    ),
    "no_such_certificate": (
        "没有找到这份证书。没有改动。请核对编号。",
        "There is no such certificate. Nothing was changed. Check the number.",
    ),
    "no_such_certificate_request": (
        "没有找到这份申请。没有改动。请从名单重新打开。",
        "There is no such request. Nothing was changed. Open it from the list.",
    ),
}
