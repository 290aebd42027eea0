"""What is kept: the library in SQLite (the truth), the index in Chroma (disposable), and the embedders."""
