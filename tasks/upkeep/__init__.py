"""Housekeeping: interrupted runs, waiting runs, stray predictions, webhooks, history."""
