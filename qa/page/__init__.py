"""The page's parts: a question on its way, what the browser is given, libraries on disk, the address, components."""
