"""How a run lives: its process, place in the queue, budget, approval, progress, and what a person sees of it."""
