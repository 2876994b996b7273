"""Diagrams: boxes in ranks, arrows between them, folded to fit an area. Arithmetic without Manim."""
