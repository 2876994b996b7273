"""The life of a run: its process, place in the queue, budget, approval, progress, and its view for people."""
