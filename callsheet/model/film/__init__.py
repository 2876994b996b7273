"""What a film is made of: its look, scenes, clips, sound, captions, timeline and stills."""
