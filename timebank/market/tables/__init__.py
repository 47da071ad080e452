"""What the market stores besides the books. This folder is one `tables.py` that outgrew its file; import from here."""

from timebank.market.tables.checking import PassbookCheckRow, RestockCountRow
from timebank.market.tables.moving import StockMoveRow
from timebank.market.tables.noting import PaperFormEndRow, PaperFormsRow, UnmetDemandRow
from timebank.market.tables.relief import (
    NeedyHouseholdRow,
    ReliefDecisionRow,
    ReliefIssueRow,
    ReliefLineRow,
    ReliefRow,
)
from timebank.market.tables.reserving import ReservationEndRow, ReservationLineRow, ReservationRow
from timebank.market.tables.shifts import (
    ParkedBasketEndRow,
    ParkedBasketLineRow,
    ParkedBasketRow,
    ShiftCloseLineRow,
    ShiftCloseRow,
    ShiftHandOverRow,
    ShiftRow,
)
from timebank.market.tables.stocktaking import (
    CountDecisionRow,
    CountSubmissionRow,
    CountTallyRow,
    CountVarianceRow,
    StockCountGoodRow,
    StockCountRow,
    WriteOffDecisionRow,
    WriteOffRow,
)
from timebank.market.tables.trade import (
    DonationDecisionRow,
    DonationRow,
    DonationUndoRow,
    GoodRow,
    LotRow,
    PriceDecisionRow,
    PriceInForceRow,
    PriceRow,
    PriceVersionRow,
    RedemptionLineRow,
    RedemptionRow,
    RedemptionUndoRow,
)
from timebank.market.tables.waiting import ReservationSlotRow, WaitingEndRow, WaitingRow

__all__ = [
    "CountDecisionRow",
    "CountSubmissionRow",
    "CountTallyRow",
    "CountVarianceRow",
    "DonationDecisionRow",
    "DonationRow",
    "DonationUndoRow",
    "GoodRow",
    "LotRow",
    "NeedyHouseholdRow",
    "PaperFormEndRow",
    "PaperFormsRow",
    "ParkedBasketEndRow",
    "ParkedBasketLineRow",
    "ParkedBasketRow",
    "PassbookCheckRow",
    "PriceDecisionRow",
    "PriceInForceRow",
    "PriceRow",
    "PriceVersionRow",
    "RedemptionLineRow",
    "RedemptionRow",
    "RedemptionUndoRow",
    "ReliefDecisionRow",
    "ReliefIssueRow",
    "ReliefLineRow",
    "ReliefRow",
    "ReservationEndRow",
    "ReservationLineRow",
    "ReservationRow",
    "ReservationSlotRow",
    "RestockCountRow",
    "ShiftCloseLineRow",
    "ShiftCloseRow",
    "ShiftHandOverRow",
    "ShiftRow",
    "StockCountGoodRow",
    "StockCountRow",
    "StockMoveRow",
    "UnmetDemandRow",
    "WaitingEndRow",
    "WaitingRow",
    "WriteOffDecisionRow",
    "WriteOffRow",
]
