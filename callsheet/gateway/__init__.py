"""Stored media over HTTP, for browsers."""
