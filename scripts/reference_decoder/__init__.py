"""A second decoder of prn files, written from FORMAT.md alone and in its order.

Each module is a section of that document, and says which. Nothing here is fast: a value takes
milliseconds. The entry is scripts/reference-decode.
"""
