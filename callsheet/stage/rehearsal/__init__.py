"""A scene run with its animations skipped, and a look at its picture after each. Runs in the child alone."""
