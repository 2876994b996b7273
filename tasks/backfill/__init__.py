"""Backfills: a folder of request files, and the runs that make its films."""
