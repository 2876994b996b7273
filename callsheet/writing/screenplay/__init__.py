"""What a screenplay says without a language model: its people, places and scenes, its shots, a trailer."""
