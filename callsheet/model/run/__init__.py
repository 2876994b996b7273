"""The values of a run: states, queue position, money, attempts at code, approval, progress, manifest and history."""
