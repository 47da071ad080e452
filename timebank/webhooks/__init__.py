"""Webhooks: what is told to programs elsewhere when something was done here, and whether it has arrived."""
