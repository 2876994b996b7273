"""Where requests come from: files that people write."""
