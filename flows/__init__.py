"""Flows: the steps of each kind of run, in their order."""
