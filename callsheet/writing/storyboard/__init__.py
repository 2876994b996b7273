"""From a document to a storyboard, by rules: what it is about, why, what there is, how to begin, what to remember.

`rules` is the whole way. Each other module is a step of it:

    parts        the headings of a document, and what each part is for
    sentences    whole sentences that can be spoken, and their short form on the picture
    ranking      how central each text is
    part_drafts  each block becomes a scene that may be chosen
      points     lists, tables and paragraphs
      tables     a table becomes a chart, numbers, or a comparison
      exhibits   code, commands, formulas, figures, quotes
      drafts     what all drafts share
    choice       the scenes that tell most in the time there is
    notes        the speaker's notes of slides are the narration
    phrases      the few words that are Callsheet's
    truth        what a storyboard says and its document does not
"""
