"""Fetches pages and feeds from the public web, politely and safely. ``client.Web`` is the way in.

    url ─addresses─▶ checked ─robots─▶ allowed ─pace─▶ its turn ─connections─▶ response ─encodings, media─▶ Raw

``client`` and ``connections`` import httpx. Import them only when something is fetched.
"""
