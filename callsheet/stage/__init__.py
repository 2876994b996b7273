"""The stage.

It writes Manim scenes from templates, checks them and renders them, each in a child process.
"""
