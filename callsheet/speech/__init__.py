"""Voices: written text becomes sound, with the time of each word.

`narrator` speaks a sentence by a choice of voices; everything else is a step of it:

    sentences      a paragraph becomes sentences
    speakable      a sentence as it is written becomes one that a voice can read, with a map between both
    catalogue      a name becomes a voice
    provider       the protocol of those who speak
      hibari       English, local, at a hundredth of the sound's length
      kokoro       seven languages, local, at about the sound's length
      espeak       a hundred languages, local, by a program
      openai_speech   a service on the network
    timings        times of spoken words become times of written words
"""
