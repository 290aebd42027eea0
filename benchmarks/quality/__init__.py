"""Quality on public sets that are not part of this project: ``python -m benchmarks.quality DATA_FOLDER``.

One module a set, each with ``FILES`` (what it reads, relative to the data folder) and ``measure(folder, sampling)``.
Nothing is reimplemented: articles go through ``ingest_into``, questions through ``qa.pipeline.ask``, claims through
``verify``; only the comparison with the gold is done here.
"""
