"""From files to articles with their sentences and chunks: one module a format."""
