"""Reads articles from files (one module for each format), parses them and packs their sentences into chunks."""
