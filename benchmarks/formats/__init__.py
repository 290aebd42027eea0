"""How well the readers of formats read ``files/``: invented stories in the shapes of real pages, feeds and files.

    python -m benchmarks.formats                 # what Dateline reads, by format
    python -m benchmarks.formats --part tune     # the half that the readers were tuned on
    python -m benchmarks.formats --peers         # trafilatura and newspaper4k beside it, on the HTML pages
    python -m benchmarks.formats --files benchmarks/formats/second      # the second set

``files/expected.yaml`` says for each article its metadata and its sentences. It was written with the files, before any
reader was tried on them. ``second/`` was written later by another author.
"""
