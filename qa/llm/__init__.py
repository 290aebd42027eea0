"""Talking to a language model: prompts, the chat endpoint, and counting tokens."""
