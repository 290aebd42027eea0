"""Readers of articles: files to sentences and chunks. Pure but for reading files."""
