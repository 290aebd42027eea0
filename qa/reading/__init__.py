"""The reading model: which sentences of a passage answer a question. Made by ``training/``, shipped here."""
