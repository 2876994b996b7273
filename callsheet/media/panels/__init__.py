"""Draws the panels of a storyboard as SVG: places, people who do what the words say, and the things in their hands."""
