"""LlamaIndex and Haystack beside Dateline, in one run: ``python -m benchmarks.peers``.

The same for all: the articles (``evals/corpus`` and generated ones, ``benchmarks/generate.py``), the vectors
(WordLlama, wrapped as an embedder of each framework), the files of Chroma on the local disk, and one model server,
which answers at once (``server.py``). Everything else is what each framework does by default, so this compares
defaults and not what could be made of them:

- *LlamaIndex*: ``VectorStoreIndex.from_documents`` and ``CitationQueryEngine.from_args``. Chunks of 1,024 tokens; the
  two nearest ones are cut into sources of 512 tokens, which are cited.
- *Haystack*: ``DocumentSplitter`` (200 words, which may end inside a sentence), ``ChromaEmbeddingRetriever`` (the ten
  nearest chunks), ``OpenAIChatGenerator`` and ``AnswerBuilder``. It has no prompt for citations, so ours asks for [1],
  [2] and so on. Its embedders leave title, outlet and day out by default; here they embed them, as the two others do.
  Its store writes each chunk to Chroma by itself, which is most of the time of its ingest.
- *Dateline*: ``qa.manage.ingest`` and ``qa.pipeline.ask``. An ingest writes Chroma too, but up to 10,000 chunks are
  scored exactly, without it. Words are searched as well as vectors, so the ranks compare two kinds of search.

An import is what a script imports. Dateline imports much of what it needs later; the time of a new process, from its
start to its first answer, includes everything. An ingest ends when an article is found. The order of articles is that
of the best 64 chunks, however many a framework shows to its model.

Citations: LlamaIndex and Haystack cite a source, and the model chooses which. The server always chooses the first one,
so what is cited is the source that ranks first. *The best source* is what a perfect model would choose: of the sources
that hold a gold sentence, the one with the largest share of gold. Dateline shows its model single sentences, so its
best source is gold by construction; what it cites is measured with the offline reader, which no model helps. A source
holds a sentence if it has half of it. Both others can be set up to store single sentences as chunks, which changes
what they find. LlamaIndex gives no offsets for the parts of a chunk that it cites.

Not compared: how well a model answers, because the model is none. Follow-ups, filters by speaker or date, abstention
and the checks of claims have no counterpart in the defaults of the two, so gold questions with a history or a filter
are left out. Dateline's time includes the checks, and a second call to the model, which judges the claim; with a real
model, that call takes its time. The dev storylines were used to tune Dateline, the test storylines were not.

The peers are not dependencies of Dateline. One that is not installed is skipped:

    pip install -e ".[evals]" haystack-ai chroma-haystack llama-index-core llama-index-vector-stores-chroma
    pip install --no-deps llama-index-llms-openai llama-index-llms-openai-like

``--no-deps``, because llama-index-llms-openai 0.8.3 asks for openai below 3 and Dateline for 3 or newer. What is called
here works with openai 3.54. Use another virtual environment than the one for development.
"""
