"""The guards of the database: which tables only grow, which cases are decided once, what the application may not do.

The migrations make them; `schema.py` compares what is there with what stands here, at every start.
"""

from typing import Final

_BOOKS: Final = ("account", "entry", "transfer", "line", "account_closing", "period_close", "request", "trail")
_HOLDS: Final = ("hold", "hold_account", "hold_resolution")
_LOG: Final = ("tree_node", "checkpoint", "witness", "cosignature")
_INQUIRIES: Final = ("star_inquiry", "star_hearing", "star_inquiry_decision", "star_inquiry_objection")
_STARS: Final = ("star_notice", "star_recommendation", "star_outcome", *_INQUIRIES)
_PRICES: Final = ("price_version", "price", "price_decision", "price_in_force")
_GOODS: Final = ("donation", "donation_decision", "donation_undo", "lot", "stock_move")
_REDEMPTIONS: Final = ("redemption", "redemption_line", "redemption_undo")
_WRITE_OFFS: Final = ("write_off", "write_off_decision")
_COUNTS: Final = (
    "stock_count",
    "stock_count_good",
    "count_tally",
    "count_submission",
    "count_decision",
    "count_variance",
)
_RESERVATIONS: Final = ("reservation", "reservation_line", "reservation_end")
_SHIFTS: Final = (
    "shift",
    "shift_hand_over",
    "shift_close",
    "shift_close_line",
    "parked_basket",
    "parked_basket_line",
    "parked_basket_end",
)
_SERVICE: Final = (
    "activity_terms",
    "activity_ties",
    "activity_cancel",
    "attendance",
    "record_correction",
    "record_answer",
    "recipient_rating",
    "further_approval",
)
_SECOND_LOOKS: Final = ("passbook_check", "restock_count", "needy_household")
_WAITING: Final = ("waiting", "waiting_end", "reservation_slot")
_NOTED: Final = ("unmet_demand", "paper_forms", "paper_form_end")
_RELIEF: Final = ("relief", "relief_line", "relief_decision", "relief_issue")
_VOUCHERS: Final = (
    "voucher_offer",
    "voucher_offer_end",
    "voucher",
    "voucher_end",
    "voucher_desk",
    "voucher_desk_end",
    "voucher_settlement",
    "voucher_settled",
)
_MARKET: Final = (
    *_PRICES,
    *_GOODS,
    *_REDEMPTIONS,
    *_WRITE_OFFS,
    *_COUNTS,
    *_RESERVATIONS,
    *_SHIFTS,
    *_SECOND_LOOKS,
    *_WAITING,
    *_RELIEF,
    *_NOTED,
    *_VOUCHERS,
)
_POOL: Final = ("pool_grant", "pool_grant_decision")
_TIMETABLE: Final = ("timetable_hours", "timetable_exception")
_CERTIFICATES: Final = ("certificate", "certificate_end", "certificate_office")
_TOKENS: Final = ("api_token", "api_token_end")

APPEND_ONLY: Final = (
    *_BOOKS,
    *_HOLDS,
    *_LOG,
    "rule_version",
    *_STARS,
    *_SERVICE,
    "phone_code_use",
    *_MARKET,
    "import_columns",
    "verification",
    "journal_export",
    *_POOL,
    *_TIMETABLE,
    *_CERTIFICATES,
    *_TOKENS,
)
"""The tables that only grow."""

DECIDED_ONCE: Final = (
    "rule_proposal",
    "star_award",
    "star_objection",
    "star_review",
    "sign_up",
    "line_objection",
    "family_helper",
    "timetable",
    "slot_booking",
    "training",
    "desk_request",
    "certificate_request",
    "consent",
    "data_request",
)
"""The tables of cases: each is decided once and never deleted."""

KEPT: Final = ("activity", "service_record", "record_flag")
"""The tables of service: never deleted; what was recorded stays, and is decided in one direction."""

FORBIDDEN: Final = {
    **dict.fromkeys(APPEND_ONLY, ("UPDATE", "DELETE", "TRUNCATE")),
    **dict.fromkeys((*DECIDED_ONCE, *KEPT), ("DELETE", "TRUNCATE")),
    "log_head": ("DELETE", "TRUNCATE"),
    "memo": ("UPDATE", "TRUNCATE"),
    "sight": ("UPDATE", "TRUNCATE"),
}
"""What the running application may not do on PostgreSQL, by table."""

_LET_IN: Final = (
    "role_grant.role_grant_one_role",
    "role_grant.role_grant_by_two",
    "role_grant.role_grant_as_given",
    "role_grant.role_grant_last_one",
    "one_time_login.one_time_login_by_two",
)
_RECORDED: Final = (
    "service_record.service_record_as_recorded",
    "service_record.service_record_not_denied",
    "service_record.service_record_further_approved",
    "further_approval.further_approval_by_another",
    "record_flag.record_flag_answered_once",
    "voucher.voucher_of_open_offer",
    "voucher.voucher_place_given_back",
)

TRIGGERS: Final = {
    "sqlite": frozenset(
        {
            *(f"{table}.{table}_no_{verb}" for table in APPEND_ONLY for verb in ("update", "delete")),
            *(f"{table}.{table}_{guard}" for table in DECIDED_ONCE for guard in ("decided_once", "no_delete")),
            "entry.entry_in_order",
            "line.line_on_open_account",
            "transfer.transfer_group_only_gives",
            "log_head.log_head_only_grows",
            "log_head.log_head_no_delete",
            "memo.memo_no_update",
            "sight.sight_no_update",
            "sight.sight_kept",
            "rule_version.rule_version_in_order",
            *(f"{table}.{table}_no_delete" for table in KEPT),
            *_LET_IN,
            *_RECORDED,
        }
    ),
    "postgresql": frozenset(
        {
            *(f"{table}.{table}_no_{verb}" for table in APPEND_ONLY for verb in ("change", "truncate")),
            *(
                f"{table}.{table}_{guard}"
                for table in DECIDED_ONCE
                for guard in ("decided_once", "no_delete", "no_truncate")
            ),
            "entry.entry_in_order",
            "line.line_on_open_account",
            "transfer.transfer_group_only_gives",
            "log_head.log_head_only_grows",
            "log_head.log_head_no_truncate",
            "memo.memo_no_update",
            "memo.memo_no_truncate",
            "sight.sight_no_update",
            "sight.sight_kept",
            "sight.sight_no_truncate",
            "rule_version.rule_version_in_order",
            *(f"{table}.{table}_no_{verb}" for table in KEPT for verb in ("delete", "truncate")),
            *_LET_IN,
            *_RECORDED,
        }
    ),
}
"""The triggers that keep the books, by database, as `table.trigger`."""
