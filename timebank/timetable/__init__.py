"""Opening calendars: when something is open, week by week and day by day, its slots, and who has booked which."""
