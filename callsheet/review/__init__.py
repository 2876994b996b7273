"""The review of a film by measures, each with a limit and a source.

`measures` is the table of them, `geometry` measures the trace of a scene, `pixels` the frames of a video, `film` what
several scenes have in common, and `sheet` draws what was found.
"""
