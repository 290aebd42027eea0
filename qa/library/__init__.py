"""Storage: the library in SQLite (the source of truth), the index in Chroma (disposable), and the embedders."""
