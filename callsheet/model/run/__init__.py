"""How a run lives: its states, queue position, money, attempts at code, approval, progress, manifest and history."""
