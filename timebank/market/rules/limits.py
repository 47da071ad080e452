"""The numbers within which the market moves, so that every amount fits the ledger; what a community decides is data."""

from typing import Final

PIECES_MAX: Final = 99
"""The most pieces of one good in one redemption."""
BASKET_GOODS_MAX: Final = 50
LOT_PIECES_MAX: Final = 1_000_000
SHELF_PIECES_MAX: Final = 1_000_000_000
"""The most pieces of one good on the whole shelf that a count can tell."""
MONTH_MAX_HIGHEST: Final = LOT_PIECES_MAX
PRICE_POINTS_E2_MAX: Final = 2_000_000
"""The highest price of one piece: 20,000 points. The dearest basket is then still one transfer of the ledger."""
UNIT_PRICE_FEN_MAX: Final = 100_000_000
"""The highest unit price of a donated piece: a million yuan. Kept for receipts; never shown to volunteers."""

LAST_STOCK_PIECES: Final = 3
