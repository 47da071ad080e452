"""Words: the ledger's closed sets in plain Chinese and English, for pages and the command line alike."""

from enum import StrEnum
from typing import Final

from timebank.ledger.accounts import AccountKind
from timebank.ledger.entries import EntryKind
from timebank.people.identity import DocumentKind
from timebank.tokens.rules import Scope
from timebank.webhooks.rules import Topic

Pair = tuple[str, str]


class Sex(StrEnum):
    """What a form offers; nothing may be chosen too."""

    FEMALE = "female"
    MALE = "male"


ENTRY_WORDS: Final[dict[EntryKind, Pair]] = {
    EntryKind.COMMUNITY_OPENED: ("建账", "Books opened"),
    EntryKind.OPENING_BALANCE: ("期初转入", "Opening balance"),
    EntryKind.SERVICE_APPROVED: ("志愿服务", "Service"),
    EntryKind.STAR_GRANTED: ("星级授予", "Star granted"),
    EntryKind.STAR_REFUSED: ("星级未通过", "Star refused"),
    EntryKind.CERTIFICATE_ISSUED: ("开出证书", "Certificate issued"),
    EntryKind.CERTIFICATE_ENDED: ("证书作废", "Certificate ended"),
    EntryKind.STAR_INQUIRY_DECIDED: ("星级复核决定", "Star inquiry decided"),
    EntryKind.RULES_PUBLISHED: ("规则发布", "Rules published"),
    EntryKind.GOODS_RECEIVED: ("物品入库", "Goods received"),
    EntryKind.PRICES_PUBLISHED: ("兑换积分表发布", "Prices published"),
    EntryKind.GOODS_REDEEMED: ("兑换物品", "Redemption"),
    EntryKind.GOODS_WRITTEN_OFF: ("物品报损", "Goods written off"),
    EntryKind.GOODS_COUNTED: ("盘点调整", "Stock count"),
    EntryKind.GOODS_MOVED: ("物品移库", "Goods moved"),
    EntryKind.RELIEF_ISSUED: ("救助发放", "Relief issued"),
    EntryKind.POINTS_EXPIRED: ("积分到期", "Points expired"),
    EntryKind.POINTS_DONATED: ("积分捐赠", "Points donated"),
    EntryKind.SURPLUS_DONATED: ("超过存折上限，捐进互助池", "Above the cap: given to the pool"),
    EntryKind.POOL_GRANTED: ("互助池发放", "Grant from the pool"),
    EntryKind.HOLD_PLACED: ("预约冻结", "Put aside"),
    EntryKind.HOLD_CAPTURED: ("预约领取", "Picked up"),
    EntryKind.HOLD_RELEASED: ("预约取消", "Reservation cancelled"),
    EntryKind.HOLD_EXPIRED: ("预约过期", "Reservation expired"),
    EntryKind.REVERSAL: ("冲正", "Reversal"),
    EntryKind.ACCOUNT_CLOSED: ("销户", "Account closed"),
    EntryKind.PERIOD_CLOSED: ("结账", "Period closed"),
    EntryKind.LOG_KEY_SET: ("账本签名钥匙公布", "Log key announced"),
    EntryKind.LOG_RESTORED: ("账本由备份恢复", "Log restored from a backup"),
    EntryKind.WITNESS_ADDED: ("见证人登记", "Witness registered"),
}

ACCOUNT_WORDS: Final[dict[AccountKind, Pair]] = {
    AccountKind.SERVICE: ("志愿服务时长来源", "Service given"),
    AccountKind.OPENING: ("期初余额来源", "Opening balances"),
    AccountKind.RECOGNISED: ("认定服务时长", "Recognised service"),
    AccountKind.ISSUANCE: ("积分发放", "Points issued"),
    AccountKind.PASSBOOK: ("爱心存折", "Love passbook"),
    AccountKind.HELD: ("积分冻结", "Points on hold"),
    AccountKind.DEBT: ("积分欠账", "Points owed"),
    AccountKind.REDEEMED: ("已兑换积分", "Points redeemed"),
    AccountKind.EXPIRED: ("到期积分", "Points expired"),
    AccountKind.POOL: ("互助池", "Mutual-aid pool"),
    AccountKind.DONOR: ("捐赠单位", "Donor"),
    AccountKind.SHELF: ("货架", "Shelf"),
    AccountKind.RESERVED: ("预约留货", "Goods reserved"),
    AccountKind.HANDED_OUT: ("已发放物品", "Goods handed out"),
    AccountKind.RELIEF: ("救助发放物品", "Goods given as relief"),
    AccountKind.WRITTEN_OFF: ("报损物品", "Goods written off"),
    AccountKind.SURPLUS: ("盘盈物品", "Goods found"),
}

ROLE_WORDS: Final[dict[str, Pair]] = {
    "admin": ("管理员", "Administrator"),
    "coordinator": ("活动负责人", "Coordinator"),
    "clerk": ("店员", "Clerk"),
    "auditor": ("审计", "Auditor"),
    "security_admin": ("安全管理员", "Security administrator"),
    "volunteer": ("志愿者", "Volunteer"),
}

SCOPE_WORDS: Final[dict[Scope, Pair]] = {
    Scope.READ: ("查看", "Read"),
    Scope.PEOPLE: ("登记人员和单位", "Register people and partners"),
    Scope.HOURS: ("录入和审批时长", "Record and approve hours"),
    Scope.STARS: ("评定星级", "Grant stars"),
    Scope.MARKET: ("入库、兑换和预约", "Stock, redemptions, reservations"),
    Scope.RULES: ("提出和确认规则", "Propose and confirm rules"),
    Scope.BOOKS: ("核对账本", "Verify the books"),
    Scope.TOKENS: ("停用令牌", "End tokens"),
    Scope.WEBHOOKS: ("管理推送地址", "Keep webhooks"),
}
"""What a token may be used for."""

TOPIC_WORDS: Final[dict[Topic, Pair]] = {
    Topic.PEOPLE: ("人员", "People"),
    Topic.HOURS: ("活动和时长", "Activities and hours"),
    Topic.STARS: ("星级和证书", "Stars and certificates"),
    Topic.MARKET: ("超市和积分池", "The market and the pool"),
    Topic.RULES: ("规则", "Rules"),
    Topic.BOOKS: ("账本、导入和每晚的事", "The books, imports, the work of the night"),
}
"""What a webhook is told of."""

DEMO_WORDS: Final[dict[str, Pair]] = {
    "volunteer": ("看积分、时长、离下一颗星还差多少", "See points, hours and the way to the next star"),
    "clerk": ("在收银台兑换物品，收货入库", "Redeem goods at the till, take deliveries in"),
    "coordinator": ("录时长，审批另一位录的，评星级", "Record hours, approve what the other one recorded"),
    "auditor": ("核对整本账，每个数查到凭证", "Verify the books, follow every figure to its entry"),
    "admin": ("看规则、人员和还要办的事", "See the rules, the people and what is still to be set up"),
}
"""What there is to do for each role of the demo."""

DOCUMENT_WORDS: Final[dict[DocumentKind, Pair]] = {
    DocumentKind.RESIDENT_ID: ("居民身份证", "Resident identity card"),
    DocumentKind.RESIDENCE_PERMIT: ("港澳台居民居住证", "Residence permit for Hong Kong, Macao and Taiwan"),
    DocumentKind.PASSPORT: ("护照", "Passport"),
    DocumentKind.HONGKONG_MACAO_PERMIT: ("港澳居民来往内地通行证", "Mainland travel permit for Hong Kong and Macao"),
    DocumentKind.TAIWAN_PERMIT: ("台湾居民来往大陆通行证", "Mainland travel permit for Taiwan"),
    DocumentKind.PERMANENT_RESIDENT_ID: ("外国人永久居留身份证", "Permanent residence card"),
    DocumentKind.OTHER: ("其他证件", "Another document"),
}

CHANNEL_WORDS: Final[dict[str, Pair]] = {
    "web": ("网页", "Pages"),
    "cli": ("命令行", "Command line"),
    "api": ("接口", "Interface"),
    "nightly": ("系统", "System"),
}

FINDING_WORDS: Final[dict[str, Pair]] = {
    "readable": ("凭证内容读不出来", "The entry's bytes cannot be read"),
    "hash": ("凭证内容和指纹对不上", "The entry and its hash differ"),
    "order": ("凭证号、时间或社区不连续", "Number, time or community out of order"),
    "period": ("记进了已经结账的日子", "Booked into a closed period"),
    "roads": ("这一类凭证不允许这样走账", "A movement that this kind of entry may not make"),
    "balances": ("账户余额越过了零，或动了已销户的账户", "A balance passed zero, or a closed account was touched"),
    "debt": ("有欠分却没有先还", "Points came in and a debt was not settled first"),
    "holds": ("预约办了两次，或转出的和冻结的不一样", "A hold ended twice, or not with what was put aside"),
    "reversal_link": ("冲正没有写明冲哪一笔", "A reversal does not name its original"),
    "reversed_once": ("同一笔冲正了两次", "The same entry was reversed twice"),
    "mirrored": ("冲正的内容和原凭证不相反", "A reversal does not mirror its original"),
    "two_persons": ("记录人、审批人、受益人不是三个人", "Recorder, approver and beneficiary are not three persons"),
    "closing": ("结账或销户不合规定", "A period or account was closed against the rules"),
    "sums": ("借贷不平", "Debits and credits differ"),
    "entry_columns": ("凭证表被改过，和凭证内容不一致", "A column differs from the leaf"),
    "rows": ("凭证的明细被改过，和凭证内容不一致", "Rows beside an entry differ from its leaf"),
    "memo": ("摘要被改过，和凭证里的承诺不一致", "A memo differs from its commitment"),
    "account": ("账户被改过，和账户代码不一致", "An account differs from its code"),
    "cached_balance": ("账户余额和重算的不一致", "A balance differs from its replay"),
    "line_chain": ("余额链断了", "The chain of balances is broken"),
    "line_transfer": ("余额行和分录不一致", "A line differs from its transfer"),
    "line_account": ("余额行和账户不一致", "A line differs from its account"),
    "stray": ("有不属于任何凭证的行", "Rows that belong to no entry"),
    "head": ("账本头和重算的不一致", "The head differs from the replay"),
    "service_entry": ("服务记录找不到它的凭证", "A service record without its entry"),
    "service_record": ("凭证找不到它的服务记录", "An entry without its service record"),
    "redemption_entry": ("兑换单找不到它的凭证", "A redemption without its entry"),
    "redemption_record": ("凭证找不到它的兑换单", "An entry without its redemption"),
    "delivery_entry": ("入库批次找不到它的凭证", "A lot without its entry"),
    "delivery_record": ("凭证找不到它的入库批次", "An entry without its lots"),
    "stock_move_entry": ("移库单找不到它的凭证", "A stock move without its entry"),
    "stock_move_record": ("凭证找不到它的移库单", "An entry without its stock move"),
    "write_off_entry": ("报损单找不到它的凭证", "A write-off without its entry"),
    "write_off_record": ("凭证找不到它的报损单", "An entry without its write-off"),
    "count_entry": ("盘点单找不到它的凭证", "A stock count without its entry"),
    "count_record": ("凭证找不到它的盘点单", "An entry without its stock count"),
    "voucher_entry": ("服务券核销找不到它的凭证", "An honoured voucher without its entry"),
    "voucher_record": ("凭证找不到它的服务券核销", "An entry without its honoured voucher"),
    "voucher_settlement": ("单位的对账单和当月凭证加起来不一样", "A unit's statement is not the sum of its entries"),
    "certificate_entry": ("证书找不到它的凭证", "A certificate without its entry"),
    "certificate_record": ("凭证找不到它的证书", "An entry without its certificate"),
    "pool_grant_entry": ("互助池发放找不到它的凭证", "A grant from the pool without its entry"),
    "pool_grant_record": ("凭证找不到它的互助池发放", "An entry without its grant from the pool"),
    "star_inquiry_entry": ("星级复核决定找不到它的凭证", "A star inquiry without its entry"),
    "star_inquiry_record": ("凭证找不到它的星级复核决定", "An entry without its star inquiry"),
    "award_entry": ("星级决定找不到它的凭证", "A star decision without its entry"),
    "award_record": ("凭证找不到它的星级决定", "An entry without its star decision"),
    "award_persons": ("提出和评定星级的是同一个人", "A star was opened and granted by the same person"),
    "reversal": ("冲正和记录说的不一致", "A reversal differs from its record"),
    "record_unlike_entry": ("记录和凭证不一致", "A record differs from its entry"),
    "price": ("兑换的积分和公布的不一样", "Another price was charged than was published"),
    "rule": ("按规则重算，结果不一样", "The posting differs from its rule"),
    "rule_version": ("凭证指的规则版本不存在，或被改过", "The rule version is missing or was changed"),
    "guard": ("数据库少了保护账本的东西", "The database lacks a guard of the books"),
}
