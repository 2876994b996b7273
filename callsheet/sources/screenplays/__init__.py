"""Screenplays that people give, of whatever format, read into one value: `callsheet.model.film.screenplay.Screenplay`.

    file  ->  screenplay_reader  ->  (fence)  screenplay_child  ->  the reader of the format
                     ^------------------- parts, what was left out -------------------v

`screenplay_reader` is the door. It never parses: every format is parsed in a child behind the fence. What a file is,
its content says, never its name. Each reader adds to a `ScriptBuilder`, which holds the limits on sizes.
"""
