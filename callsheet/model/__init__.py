"""Frozen values and pure functions on them. No file, no network, no clock."""
