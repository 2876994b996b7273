"""Voices: written text becomes sound, with the time of each word.

`narrator` speaks a sentence by a choice of voices. Each other module is a step of it:

    speakable      written text becomes text that a voice reads right, with a map between both
      readings     the rules for signs, code, addresses and names of files
      mathematics  formulas of Typst in words
      text_map     keeps the origin of each part of a text that rules rewrite
    catalogue      a name becomes a voice
    provider       the protocol of a provider of speech
      hibari       English, on this machine, at least 50 times as fast as it sounds
      kokoro       seven languages, on this machine, about as fast as it sounds
      espeak       a hundred languages, by a program
      openai_speech   a service on the network
      edge_speech  the service behind Edge's “read aloud”
    models         the files of the neural voices, and their digests
      symbols      text becomes symbols of speech
      neural       symbols become sound
    timings        times of spoken words become times of written words
    recording      splits a person's own recording into the parts of texts
    spoken         the sound of a sentence becomes a file and a value
    samples        speaks a whole text to one file
    sample_process a process that speaks a sample of a voice, and ends
    sound_files    reads, trims and writes WAV files
"""
