"""Measure sentence boundaries on a treebank: precision, recall and F1 of sentencex and of ``qa.english.sentences``.

    python benchmarks/quality/sentences.py PATH

PATH is a CoNLL-U file with ``# newdoc`` and ``# text`` comments, for example Universal Dependencies' English-PUD
(``en_pud-ud-test.conllu``, CC BY-SA 3.0, not part of this project). The gold sentences of each document are joined by
spaces into one line. The ends of sentences inside the line are compared; the end of the line itself does not count.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from sentencex import get_sentence_boundaries

from qa.english.sentences import split

Ends = Callable[[str], Iterable[int]]


def documents(path: Path) -> list[list[str]]:
    """Load the sentences of each document."""
    found: list[list[str]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("# newdoc"):
            found.append([])
        elif line.startswith("# text = "):
            found[-1].append(line.removeprefix("# text = ").strip())
    return found


def bare(text: str) -> list[int]:
    """Return the ends of sentences found by sentencex alone."""
    pieces = [(b["start_index"], b["end_index"]) for b in get_sentence_boundaries("en", text)]
    return [start + len(text[start:end].rstrip()) for start, end in pieces]


def ours(text: str) -> list[int]:
    """Return the ends of sentences found by Dateline."""
    return [sentence.end for sentence in split(text)]


def score(texts: list[list[str]], ends: Ends) -> str:
    """Return precision, recall and F1 over all documents, with the counts."""
    right = proposed = wanted = 0
    for sentences in texts:
        text = " ".join(sentences)
        gold = {len(" ".join(sentences[:n])) for n in range(1, len(sentences))}
        found = set(ends(text)) - {len(text)}
        right, proposed, wanted = right + len(gold & found), proposed + len(found), wanted + len(gold)
    precision, recall = right / proposed, right / wanted
    f1 = 2 * right / (proposed + wanted)
    return f"P {precision:.4f}  R {recall:.4f}  F1 {f1:.4f}  ({right} right, {proposed} proposed, {wanted} in the gold)"


def main() -> None:
    """Print the figures, or what is missing."""
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_file():
        print("skipped: give the path of a CoNLL-U file, such as en_pud-ud-test.conllu")
        return
    texts = documents(Path(sys.argv[1]))
    print(f"{len(texts)} documents, {sum(map(len, texts))} sentences")
    print("sentencex", score(texts, bare))
    print("ours     ", score(texts, ours))


if __name__ == "__main__":
    main()
