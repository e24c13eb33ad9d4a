"""What happens to people, profession by profession, and which partner would write it down.

Enters: the peopled town with each household's burdens. Leaves: happenings in the story, and
the needs truly present in each person. Nothing here knows about errors or files.
"""
