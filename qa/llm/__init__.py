"""Access to language models: prompts, the chat endpoint, decision models, limits, prices and token counts."""
