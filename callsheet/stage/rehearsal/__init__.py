"""The rehearsal: a run of a scene without its animations, and a look at its picture after each.

In the child alone.
"""
