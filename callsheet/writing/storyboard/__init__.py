"""From a document to a storyboard, by rules or by a language model.

By rules: what it is about, why, what there is, how to begin, what to remember.

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

`model_writer` has a language model write it, and lets nothing pass that the document does not say:

    document_lines  the document as quoted material, one block a line
    model_draft     one question, and its answer as plain scenes
    model_check     form, truth, and room in the picture
"""
