"""The stage: where Manim scenes are written from templates, checked and rendered, each in a child process."""
