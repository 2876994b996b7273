"""Media files: measured, joined, given sound, and turned into pictures.

Paths in, files out; no store, no server.
"""
