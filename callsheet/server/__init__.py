"""The runs of a Prefect server, as Callsheet reads and changes them.

Client, steps and embedded server share it.
"""
