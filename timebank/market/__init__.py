"""The goods counter: goods, lots, donations and redemptions."""
