"""Notes of corrections: what an article says was wrong, in itself, in another one, or in what somebody said.

A note stands at the head or the foot of a story ("Correction: It is 41, not 14"), or in a column of such notes. It
names what was wrong, what is right, or both, in one sentence or in two. A note is read clause by clause: a clause that
repeats what was said ("an earlier version gave the length as 38 centimetres") waits for the one that sets it right,
and values of one kind in both are held against each other. Some clauses hold both ("41, not 14").

A story may also tell that somebody has corrected a figure: that is a note of the kind ``reported``.

Every sentence is searched with patterns of limited reach, so the time taken grows linearly with the length of the text.
"""

from .keys import key_of, keys_in, note_rows, topic_stems
from .notes import CorrectionNote, Kind, Point, decode_note, encode_note
from .reading import find_corrections
from .values import Value, values_in

__all__ = [
    "CorrectionNote",
    "Kind",
    "Point",
    "Value",
    "decode_note",
    "encode_note",
    "find_corrections",
    "key_of",
    "keys_in",
    "note_rows",
    "topic_stems",
    "values_in",
]
