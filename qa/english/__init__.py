"""The only room that knows English: word lists, patterns and grammars. It knows no article, store or model."""
