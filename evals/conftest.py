"""``pytest evals``: the project's own gold and gates. They use the same plugin that is open to everyone."""

pytest_plugins = ("qa.evaluate.plugin",)
