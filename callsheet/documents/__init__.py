"""Files that people write: text in whatever encoding, YAML with its lines, and typed values made of it."""
