"""The paths and JSON shapes of other systems, on top of the same runs.

A client that was written for one of them works with another base address.
"""
