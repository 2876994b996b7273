"""Scenes for manim-voiceover, without that package: their code speaks, and Callsheet's voices say its words.

Code behind the fence has no network and no voice. So it says its words twice:

- the rehearsal collects them, with estimated times;
- outside of the fence, a voice speaks them, as it speaks narration;
- the next rehearsal and the render get the measured times, and say again what is said at which frame.

`modules` puts the names of the package where scene code imports them, `scene` is the scene and the tracker behind
these names, and `prompter` knows the times and takes note of what is said.
"""
