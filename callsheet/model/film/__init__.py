"""The parts of a film: its look, scenes, clips, sound, captions, timeline and stills."""
