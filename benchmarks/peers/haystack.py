"""Haystack: one pipeline that indexes and one that answers (retrieve, prompt, generate, cite), with their defaults."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .side import MODEL, Evidence, Unit, facts

if TYPE_CHECKING:
    from qa.model import Article

TITLE = "Haystack"
PACKAGES = ("haystack-ai", "chroma-haystack")
NEEDS = ("haystack", "haystack_integrations.document_stores.chroma")
INSTALL = "haystack-ai chroma-haystack"
IMPORT = """
from haystack import Document, Pipeline
from haystack.components.builders import AnswerBuilder, ChatPromptBuilder
from haystack.components.generators.chat import OpenAIChatGenerator
from haystack.components.preprocessors import DocumentSplitter
from haystack.components.writers import DocumentWriter
from haystack_integrations.components.retrievers.chroma import ChromaEmbeddingRetriever
from haystack_integrations.document_stores.chroma import ChromaDocumentStore
"""

EMBEDDED = ("title", "source", "published")  # the metadata that is embedded with the text
BATCH = 32  # texts per call, as in Haystack's own embedders
PROMPT = """Answer the question from the documents. After each statement, cite the documents that state it by their
numbers in square brackets, such as [2]. If the documents do not answer the question, say so.

{% for document in documents %}
[{{ loop.index }}] {{ document.content }}
{% endfor %}

Question: {{ question }}
Answer:"""


class Haystack:
    """See Side."""

    def __init__(self, folder: Path, address: str) -> None:
        self._folder = folder / "chroma"
        self._address = address

    def ingest(self, articles: Sequence[Article], answerable: Callable[[], None]) -> None:
        """See Side."""
        from haystack import Document, Pipeline
        from haystack.components.preprocessors import DocumentSplitter
        from haystack.components.writers import DocumentWriter

        indexing = Pipeline()
        indexing.add_component("splitter", DocumentSplitter())
        indexing.add_component("embedder", self._embedders[0])
        indexing.add_component("writer", DocumentWriter(self._store))
        indexing.connect("splitter", "embedder")
        indexing.connect("embedder", "writer")
        documents = [Document(id=article.id, content=article.text, meta=facts(article)) for article in articles]
        indexing.run({"splitter": {"documents": documents}})
        answerable()

    def ranked(self, question: str, chunks: int) -> list[str]:
        """See Side. The retriever finds ten chunks by default; the order does not depend on how many are asked for."""
        from haystack_integrations.components.retrievers.chroma import ChromaEmbeddingRetriever

        embedding = self._embedders[1].run(text=question)["embedding"]
        found = ChromaEmbeddingRetriever(self._store).run(query_embedding=embedding, top_k=chunks)
        return [document.meta["source_id"] for document in found["documents"]]

    def ask(self, question: str) -> bool:
        """See Side."""
        return "[1]" in self._run(question).data

    def evidence(self, question: str) -> Evidence:
        """See Side. The reply cites the document that ranks first."""
        documents = self._run(question).documents
        units = [Unit(d.meta["source_id"], d.content, d.meta.get("split_idx_start")) for d in documents]
        cited = [unit for unit, document in zip(units, documents, strict=True) if document.meta["referenced"]]
        return Evidence(tuple(units), tuple(cited))

    def _run(self, question: str) -> Any:
        given = {"embedder": {"text": question}, "prompt": {"question": question}, "answer": {"query": question}}
        return self._answering.run(given)["answer"]["answers"][0]

    @cached_property
    def _store(self) -> Any:
        from haystack_integrations.document_stores.chroma import ChromaDocumentStore

        return ChromaDocumentStore(persist_path=str(self._folder))

    @cached_property
    def _embedders(self) -> tuple[Any, Any]:
        return _embedders()

    @cached_property
    def _answering(self) -> Any:
        from haystack import Pipeline
        from haystack.components.builders import AnswerBuilder, ChatPromptBuilder
        from haystack.components.generators.chat import OpenAIChatGenerator
        from haystack.dataclasses import ChatMessage
        from haystack.utils import Secret
        from haystack_integrations.components.retrievers.chroma import ChromaEmbeddingRetriever

        model = OpenAIChatGenerator(Secret.from_token("none"), model=MODEL, api_base_url=self._address)
        prompt = ChatPromptBuilder([ChatMessage.from_user(PROMPT)], required_variables="*")
        # All documents are returned, and those that are cited are marked.
        builder = AnswerBuilder(reference_pattern=r"\[(\d+)\]", return_only_referenced_documents=False)
        answering = Pipeline()
        answering.add_component("embedder", self._embedders[1])
        answering.add_component("retriever", ChromaEmbeddingRetriever(self._store))
        answering.add_component("prompt", prompt)
        answering.add_component("model", model)
        answering.add_component("answer", builder)
        answering.connect("embedder.embedding", "retriever.query_embedding")
        answering.connect("retriever.documents", "prompt.documents")
        answering.connect("retriever.documents", "answer.documents")
        answering.connect("prompt.prompt", "model.messages")
        answering.connect("model.replies", "answer.replies")
        return answering


def _embedders() -> tuple[Any, Any]:
    """Wrap Dateline's embedder for documents and for a question."""
    from haystack import Document, component

    from qa.library.embedders import WordLlamaEmbedder

    local = WordLlamaEmbedder()

    @component
    class OfDocuments:
        def __init__(self) -> None:
            component.set_input_types(self, documents=list[Document])  # annotations cannot name what is imported here

        @component.output_types(documents=list[Document])
        def run(self, **given: Any) -> dict[str, Any]:
            documents = given["documents"]
            texts = ["\n".join((*(d.meta[f] for f in EMBEDDED if f in d.meta), d.content)) for d in documents]
            vectors = [v for n in range(0, len(texts), BATCH) for v in local.embed(texts[n : n + BATCH]).tolist()]
            return {"documents": [replace(d, embedding=v) for d, v in zip(documents, vectors, strict=True)]}

    @component
    class OfQuestion:
        @component.output_types(embedding=list[float])
        def run(self, text: str) -> dict[str, Any]:
            return {"embedding": local.embed([text])[0].tolist()}

    return OfDocuments(), OfQuestion()


open_side = Haystack
