"""Callsheet: words, scripts, documents and pictures become finished videos.

This package knows films, not Prefect: flows/, tasks/ and deployments/ beside it are the Prefect application.
"""
