"""Charts and functions: bars, lines, curves, and the axes that they stand in."""
