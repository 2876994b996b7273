"""Documents that people give, of whatever format, read into one value: `callsheet.model.film.document.Document`.

    file  ->  document_reader  ->  (fence)  document_child  ->  first_bytes  ->  the reader of the format
                    ^------------------ blocks, omissions, pictures ------------------v

`document_reader` is the door. It never parses: every format is parsed in a child behind the fence, with limits on time
and memory. A format has one module with `read(source, blocks)`; what a file is, its first bytes say, never its name.
Each reader adds to a `BlockList`, which holds the limits on sizes and words the refusals.

    text, pictures in its folder  ->  named_pictures  ->  (fence)  picture_child  ->  clean pictures  ->  bundle

A text names its pictures by paths. `named_pictures` takes them along, and `bundle` is the text and its pictures as one
file for the store, which the child opens.
"""
