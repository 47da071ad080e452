"""Sentences of the people room: registering, staff and roles, signing in, identity documents."""

from typing import Final

SENTENCES: Final = {
    "not_allowed": (
        "您的角色不能办理这件事。没有作任何改动。请找有权限的同事办理，或请管理员调整角色。",
        "Your role does not allow this. Nothing was changed. Ask a colleague who may, or an admin to change your role.",
    ),
    "volunteers_in_use": (
        "这些人已经有了账目、时长、星级或登录，不能整批删除{volunteers}。没有作任何改动。请逐个更正。",
        "Something has happened to these people already, so they are not erased {volunteers}. Nothing was changed. "
        "Correct them one by one.",
    ),
    "group_only_gives": (
        "{group} 是团队的存折：只记时长、捐积分，不能兑换、领物、办卡、登录或评星级。没有办理。请用成员的存折。",
        "{group} is the passbook of a group: hours go in and points are given; it buys, reserves and receives nothing, "
        "and has no card, login or star. Nothing was done. Use a member's own passbook.",
    ),
    "group_exists": (
        "已经有同名的团队，编号 {group}。没有再登记。请用原来的编号，或换一个名称。",
        "There is a group of this name already: {group}. Nothing was registered. Use that number, or another name.",
    ),
    "group_contact_missing": (
        "请写一位联系人，一行，最多 {characters_max} 字。没有登记。",
        "Name who speaks for the group: one line, at most {characters_max} characters. Nothing was registered.",
    ),
    "no_such_volunteer": (
        "本社区没有编号为 {number} 的志愿者。没有作任何改动。请核对编号，或按姓名、电话尾号查找。",
        "There is no volunteer {number} in this community. Nothing was changed. Check the number, or search by name "
        "or the end of the phone number.",
    ),
    "no_such_staff": (
        "本社区没有工作人员“{staff}”。没有作任何改动。请核对登录名或编号。",
        "There is no staff member “{staff}” in this community. Nothing was changed. Check the login name or number.",
    ),
    "no_such_person": (
        "没有人用“{login}”登录。没有登录。请核对登录名或编号。",
        "Nobody signs in as “{login}”. You are not signed in. Check the login name or number.",
    ),
    "no_such_partner": (
        "本社区没有代码为 {partner} 的共建单位。没有作任何改动。请核对代码，或先添加这个单位。",
        "There is no partner unit {partner} in this community. Nothing was changed. Check the code, or add the unit "
        "first.",
    ),
    "no_such_org_unit": (
        "组织架构里没有这个单元。没有作任何改动。请从列表中重新选择。",
        "There is no such unit in the organisation tree. Nothing was changed. Choose it from the list again.",
    ),
    "community_code_invalid": (
        "社区代码“{community}”不能用。没有建立社区。请用 2 到 16 个小写字母、数字或中间的连字符，以后不能更改。",
        "“{community}” cannot be the code of a community. No community was made. Use 2 to 16 small letters, digits "
        "or inner hyphens; it can never be changed.",
    ),
    "community_text_invalid": (
        "电话或开放时间太长（最多 {length_max} 个字），或含有无法保存的字符。没有建立社区。请改短后再试。",
        "The phone or the opening hours are too long (at most {length_max} characters) or have characters that "
        "cannot be kept. No community was made. Shorten them and try again.",
    ),
    "community_exists": (
        "代码为 {community} 的社区已经建立。没有作任何改动。请换一个代码，或直接登录。",
        "The community {community} exists already. Nothing was changed. Choose another code, or sign in.",
    ),
    "unit_name_invalid": (
        "名称不能为空，最多 {length_max} 个字，不能含看不见的字符。没有保存。请修改名称。",
        "A name must not be empty, has at most {length_max} characters, and none that cannot be seen. Nothing was "
        "saved. Change the name.",
    ),
    "partner_exists": (
        "这个共建单位已经登记，代码是 {partner}。没有重复添加。请直接选用它。",
        "This partner unit is known already, as {partner}. It was not added again. Use that one.",
    ),
    "nobody_to_register": (
        "名单里有 {people} 人，每次可登记 1 到 {people_max} 人。没有保存。请分批登记。",
        "The list has {people} people; 1 to {people_max} are registered at once. Nothing was saved. Divide the list.",
    ),
    "person_name_invalid": (
        "第 {place} 位：姓名为空、超过 {length_max} 个字，或含有看不见的字符。没有保存。请核对姓名。",
        "Person {place}: the name is empty, longer than {length_max} characters, or has characters that cannot be "
        "seen. Nothing was saved. Check the name.",
    ),
    "person_text_invalid": (
        "第 {place} 位：住户、特长或备注超过 {length_max} 个字，或含有无法保存的字符。没有保存。请修改后再试。",
        "Person {place}: household, skills or note are longer than {length_max} characters or have characters that "
        "cannot be kept. Nothing was saved. Change the text and try again.",
    ),
    "phone_invalid": (
        "第 {place} 位：手机号应为 11 位数字。没有保存。请核对号码；没有手机的可以不填。",
        "Person {place}: a mobile number has 11 digits. Nothing was saved. Check the number; leave it empty where "
        "there is none.",
    ),
    "birth_date_impossible": (
        "第 {place} 位：出生日期 {born_on} 不可能。没有保存。请核对日期。",
        "Person {place}: nobody can be born on {born_on}. Nothing was saved. Check the date.",
    ),
    "birth_date_differs": (
        "第 {place} 位：出生日期 {born_on} 与身份证号码不一致。没有保存。请对照证件核对。",
        "Person {place}: the birth date {born_on} is not the one in the identity number. Nothing was saved. Compare "
        "both with the document.",
    ),
    "document_invalid": (
        "第 {place} 位：证件号码有误，位数、字符或校验位不对。没有保存。请对照证件重新输入。",
        "Person {place}: the document number cannot be right; its length, characters or check digit are wrong. "
        "Nothing was saved. Enter it again from the document.",
    ),
    "document_taken": (
        "第 {place} 位：这个证件已由 {holder} 登记，一个人只登记一次。没有保存。请先核对 {holder} 的资料。",
        "Person {place}: this document is registered for {holder}; a person is registered once. Nothing was saved. "
        "Look at {holder} first.",
    ),
    "document_twice": (
        "第 {place} 位与第 {first_place} 位的证件号码相同。没有保存。请删去重复的一位，或核对号码。",
        "Persons {place} and {first_place} have the same document number. Nothing was saved. Remove one of them, or "
        "check the number.",
    ),
    "volunteer_number_invalid": (
        "第 {place} 位：编号“{number}”不能用，应为 V 加 4 到 8 位数字。没有保存。请修改，或留空由系统编号。",
        "Person {place}: “{number}” is not a volunteer number (V and 4 to 8 digits). Nothing was saved. Change it, "
        "or leave it empty to get the next one.",
    ),
    "volunteer_number_taken": (
        "第 {place} 位：编号 {number} 已经有人使用。没有保存。请核对编号，或留空由系统编号。",
        "Person {place}: the number {number} is taken. Nothing was saved. Check it, or leave it empty to get the "
        "next one.",
    ),
    "guardian_missing_for_child": (
        "第 {place} 位未满 {age_min} 周岁，须有监护人同意才能登记。没有保存。请填写监护人，并留存同意书。",
        "Person {place} is under {age_min} and is registered only with a guardian's consent. Nothing was saved. "
        "Enter the guardian and keep the consent on file.",
    ),
    "guardian_missing": (
        "第 {place} 位未满 {age_min} 周岁，须登记监护人。没有保存。请填写监护人的姓名和电话。",
        "Person {place} is under {age_min} and needs a guardian. Nothing was saved. Enter the guardian's name and "
        "phone.",
    ),
    "guardian_unknown": (
        "第 {place} 位：监护人编号 {number} 不存在，或就是本人。没有保存。请核对编号，或只填姓名和电话。",
        "Person {place}: the guardian's number {number} belongs to nobody, or to the same person. Nothing was saved. "
        "Check it, or give name and phone only.",
    ),
    "home_unknown": (
        "第 {place} 位：组织架构里没有“{area} {building}”，或有同名的楼栋。没有保存。请写明片区和楼栋，或先添加。",
        "Person {place}: the organisation tree has no “{area} {building}”, or several. Nothing was saved. Give both "
        "area and building, or add them first.",
    ),
    "registered_in_future": (
        "第 {place} 位：登记日期 {registered_on} 还没有到。没有保存。请核对日期。",
        "Person {place}: the day of registration, {registered_on}, has not come yet. Nothing was saved. Check it.",
    ),
    "staff_number_unknown": (
        "第 {place} 位：没有编号为 {number} 的工作人员，或此人已是志愿者。没有保存。请核对编号。",
        "Person {place}: nobody on the staff has the number {number}, or they are a volunteer already. Nothing was "
        "saved. Check the number.",
    ),
    "relation_invalid": (
        "请用 1 到 {length_max} 个字写明关系，例如“母女”。没有保存。",
        "Say in 1 to {length_max} characters how they are related, e.g. “mother and daughter”. Nothing was saved.",
    ),
    "same_person": (
        "{number} 和 {other} 是同一个人。没有保存。请选择两个不同的人。",
        "{number} and {other} are one person. Nothing was saved. Choose two different people.",
    ),
    "already_declared": (
        "{number} 和 {other} 已经申报为亲属。没有重复保存，不必再办。",
        "{number} and {other} are declared relatives already. Nothing was saved again; nothing more is to do.",
    ),
    "already_staff": (
        "{number} 已经是工作人员，一个人只有一个工作编号。没有添加。请直接调整其角色。",
        "{number} is on the staff already; one person has one staff number. Nobody was added. Change their role "
        "instead.",
    ),
    "staff_disabled": (
        "工作人员 {number} 已停用。没有作任何改动。请先恢复此人。",
        "The staff member {number} is disabled. Nothing was changed. Take them back first.",
    ),
    "login_invalid": (
        "登录名应为 2 到 40 个字母、数字、点或连字符，不能像编号（如 S001）。没有添加。请换一个登录名。",
        "A login name is 2 to 40 letters, digits, dots or hyphens, and does not look like a number such as S001. "
        "Nobody was added. Choose another.",
    ),
    "login_taken": (
        "登录名“{login}”已经有人使用。没有添加。请换一个登录名。",
        "Somebody signs in as “{login}” already. Nobody was added. Choose another login name.",
    ),
    "role_missing": (
        "工作人员须有一种角色。没有添加。请选择角色。",
        "A staff member needs a role. Nobody was added. Choose one.",
    ),
    "roles_incompatible": (
        "为了互相监督，一个人只能担任一种角色：管账号的不记录，发积分的不管货，审计的不经手。没有作任何改动。请另选一人，或先撤去原来的角色。",
        "So that people can check each other, one person has one role: whoever makes accounts records nothing, "
        "whoever gives points has no goods, whoever audits does neither. Nothing was changed. Choose somebody else, "
        "or take the present role away first.",
    ),
    "role_held_already": (
        "此人在这个范围内已有这个角色。没有重复添加，不必再办。",
        "This person has the role for this part already. It was not given again; nothing more is to do.",
    ),
    "role_not_held": (
        "此人在这个范围内没有这个角色。没有作任何改动。请核对角色和范围。",
        "This person does not have the role for this part. Nothing was changed. Check role and part.",
    ),
    "role_for_the_whole": (
        "管理员、安全管理员和审计面向整个社区，不能只管一部分。没有作任何改动。请选择整个社区。",
        "Admins, security admins and auditors are there for the whole community. Nothing was changed. Choose the "
        "whole community.",
    ),
    "last_admin": (
        "{number} 是这个岗位的最后一位。没有作任何改动。请先添加另一位。",
        "{number} is the last one in this role. Nothing was changed. Add another one first.",
    ),
    "sign_in_failed": (
        "登录名与密码不符。没有登录。请核对后再试；忘记密码请找管理员发一次性登录。",
        "Name and password do not belong together. You are not signed in. Check them and try again; if you forgot "
        "the password, ask for a one-time login.",
    ),
    "too_many_sign_ins": (
        "失败次数太多。没有登录，密码也没有核对。请稍等几分钟再试；着急请找管理员。",
        "There were too many failures. You are not signed in, and the password was not looked at. Wait some minutes, "
        "or ask an admin.",
    ),
    "one_time_login_spent": (
        "这个一次性登录已用过、已过期，或已被新的代替。没有登录。请找管理员或社工重新发一个。",
        "This one-time login was used, is too old, or was replaced. You are not signed in. Ask for a new one.",
    ),
    "current_password_wrong": (
        "现在的密码不对。密码没有更改。请重新输入。",
        "The present password is wrong. The password was not changed. Enter it again.",
    ),
    "password_too_short": (
        "密码至少要 {length_min} 个字符。没有保存。可以用几个词或一句话，不要求符号。",
        "A password has at least {length_min} characters. Nothing was saved. Some words or a sentence will do; no "
        "signs are required.",
    ),
    "password_too_long": (
        "密码最多 {length_max} 个字符。没有保存。请改短一些。",
        "A password has at most {length_max} characters. Nothing was saved. Shorten it.",
    ),
    "password_too_common": (
        "这个密码太常见，或用了您的姓名、电话、编号。没有保存。请换一个别人想不到的。",
        "This password is too common, or made of your name, phone or number. Nothing was saved. Choose one that "
        "others would not think of.",
    ),
    "card_unknown": (
        "这张卡已作废，或不是本社区的卡。没有找到人。请按姓名、编号或电话尾号查找。",
        "This card was revoked, or is not of this community. Nobody was found. Search by name, number or the end of "
        "the phone number.",
    ),
    "no_card": (
        "{number} 没有在用的卡。没有作任何改动，不必再办。",
        "{number} has no card in use. Nothing was changed; nothing more is to do.",
    ),
    "no_document": (
        "{number} 没有登记证件。没有显示任何号码。",
        "No document is registered for {number}. Nothing was shown.",
    ),
    "phone_code_expired": (
        "这个码过时了。没有扣分。请让对方点一下屏幕再扫。",
        "This code has expired. Nothing was deducted. Ask them to tap the screen and scan again.",
    ),
    "phone_code_used": (
        "这个码刚用过。没有再扣分。如果要再换，请刷新后再扫。",
        "This code was used a moment ago. Nothing more was deducted. Refresh and scan again.",
    ),
    "pin_wrong_shape": (
        "工牌的数字要四位，不能太好猜（像 1234、0000）。没有做工牌。请换四位数字。",
        "A badge needs four digits that are not easy to guess (1234, 0000). None was made. Choose others.",
    ),
    "card_pin_wrong_shape": (
        "卡的数字要六位，不能太好猜（像 123456、888888）。没有改。请换六位数字。",
        "A card needs six digits that are not easy to guess (123456, 888888). Nothing was changed. Choose others.",
    ),
    "no_card_in_use": (
        "您现在没有可用的卡。没有设数字。请先到服务站办卡。",
        "You have no card in use. No digits were set. Ask for a card at the desk first.",
    ),
    "card_pin_locked": (
        "这张卡今天输错太多次，没有登录。请用编号和密码登录，或明天再试。",
        "The digits of this card were wrong too often today. You are not signed in. Use your number and password, or "
        "try tomorrow.",
    ),
    "badge_pin_locked": (
        "这张工牌今天输错太多次，没有登录。请用登录名和密码登录。",
        "The digits of this badge were wrong too often today. Sign in with name and password.",
    ),
    "document_tail_wrong": (
        "后四位和 {number} 登记的证件不一样。没有扣分。请再核对，或看证件原件。",
        "These are not the last four of the document of {number}. Nothing was deducted. Check again, or see the paper.",
    ),
    "unmask_reason_missing": (
        "查看完整证件号码须写明用途（2 到 {length_max} 个字），并会留痕。没有显示号码。请填写用途。",
        "To see a full document number, say what for (2 to {length_max} characters); it is kept. Nothing was shown. "
        "Give the reason.",
    ),
    "vault_key_missing": (
        "缺少解开证件号码的密钥（编号 {key}）。没有显示号码。请管理员把原来的密钥加入配置。",
        "The key that opens this document number (id {key}) is missing. Nothing was shown. Ask the operator to "
        "configure the earlier key.",
    ),
    "document_damaged": (
        "保存的证件号码无法解开，可能被改动过。没有显示号码。请告知审计，并对照证件重新登记。",
        "The stored document number does not open; it may have been changed. Nothing was shown. Tell the auditor, "
        "and register it again from the document.",
    ),
}
