"""The market: baskets, prices, deliveries, the till, and what twenty tills do at once."""
