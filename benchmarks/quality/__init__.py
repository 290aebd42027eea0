"""Quality on public data sets that are not part of this project: ``python -m benchmarks.quality DATA_FOLDER``.

There is one module per set, with ``FILES`` (the files it reads, relative to the data folder) and ``measure(folder,
sampling)``. Nothing is reimplemented: articles go through ``ingest_into``, questions through ``qa.pipeline.ask``, and
claims through ``examine``. Only the comparison with the gold is done here.
"""
