"""The sentences of each room's refusals, Chinese and English."""
