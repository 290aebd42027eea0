"""LlamaIndex: ``VectorStoreIndex`` on Chroma, and ``CitationQueryEngine``, with their defaults.

Nothing is downloaded: the embedder is ours, and LlamaIndex ships the sentence splitter's and the tokenizer's data.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .side import MODEL, Evidence, Unit, facts

if TYPE_CHECKING:
    from qa.model import Article

TITLE = "LlamaIndex"
PACKAGES = (
    "llama-index-core",
    "llama-index-vector-stores-chroma",
    "llama-index-llms-openai",
    "llama-index-llms-openai-like",
)
NEEDS = ("llama_index.core", "llama_index.vector_stores.chroma", "llama_index.llms.openai_like")
INSTALL = "llama-index-core llama-index-vector-stores-chroma, and, with --no-deps, llama-index-llms-openai{,-like}"
IMPORT = """
import chromadb
from llama_index.core import Document, StorageContext, VectorStoreIndex
from llama_index.core.query_engine import CitationQueryEngine
from llama_index.llms.openai_like import OpenAILike
from llama_index.vector_stores.chroma import ChromaVectorStore
"""

NUMBERED = re.compile(r"\ASource \d+:\n")


class LlamaIndex:
    """See Side."""

    def __init__(self, folder: Path, address: str) -> None:
        self._folder = folder / "chroma"
        self._address = address

    def ingest(self, articles: Sequence[Article], answerable: Callable[[], None]) -> None:
        """See Side."""
        from llama_index.core import Document, StorageContext, VectorStoreIndex

        documents = [Document(text=article.text, id_=article.id, metadata=facts(article)) for article in articles]
        context = StorageContext.from_defaults(vector_store=self._store)
        VectorStoreIndex.from_documents(documents, storage_context=context, embed_model=self._embedder)
        answerable()

    def ranked(self, question: str, chunks: int) -> list[str]:
        """See Side. The retriever finds two chunks by default; the order does not depend on how many are asked for."""
        found = self._index.as_retriever(similarity_top_k=chunks).retrieve(question)
        return [one.node.ref_doc_id for one in found]

    def ask(self, question: str) -> bool:
        """See Side."""
        return "[1]" in str(self._engine.query(question))

    def evidence(self, question: str) -> Evidence:
        """See Side. The reply cites the source that ranks first."""
        response = self._engine.query(question)
        nodes = [one.node for one in response.source_nodes]
        units = [
            Unit(node.ref_doc_id, NUMBERED.sub("", node.get_content()).removesuffix("\n"), node.start_char_idx)
            for node in nodes
        ]
        cited = sorted({int(number) for number in re.findall(r"\[(\d+)\]", str(response))})
        return Evidence(tuple(units), tuple(units[number - 1] for number in cited if number <= len(units)))

    @cached_property
    def _store(self) -> Any:
        import chromadb
        from llama_index.vector_stores.chroma import ChromaVectorStore

        client = chromadb.PersistentClient(str(self._folder))
        return ChromaVectorStore(chroma_collection=client.get_or_create_collection("articles"))

    @cached_property
    def _embedder(self) -> Any:
        return _embedder()

    @cached_property
    def _index(self) -> Any:
        from llama_index.core import VectorStoreIndex

        return VectorStoreIndex.from_vector_store(self._store, embed_model=self._embedder)

    @cached_property
    def _engine(self) -> Any:
        from llama_index.core.query_engine import CitationQueryEngine
        from llama_index.llms.openai_like import OpenAILike

        model = OpenAILike(model=MODEL, api_base=self._address, api_key="none", is_chat_model=True)
        return CitationQueryEngine.from_args(self._index, llm=model)


def _embedder() -> Any:
    """Wrap Dateline's embedder."""
    from llama_index.core.embeddings import BaseEmbedding
    from pydantic import PrivateAttr

    from qa.library.embedders import WordLlamaEmbedder

    class Wrapped(BaseEmbedding):
        _local: WordLlamaEmbedder = PrivateAttr(default_factory=WordLlamaEmbedder)

        def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
            vectors: list[list[float]] = self._local.embed(texts).tolist()
            return vectors

        def _get_text_embedding(self, text: str) -> list[float]:
            return self._get_text_embeddings([text])[0]

        def _get_query_embedding(self, query: str) -> list[float]:
            return self._get_text_embeddings([query])[0]

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_query_embedding(query)

    return Wrapped()


open_side = LlamaIndex
