"""Two fictional articles that many tests use."""

STORY = """Published: 2026-03-05

Ferry line to cut evening sailings

SALTHOUSE, March 5 (Coast Wire) - The Salthouse ferry line will cut its evening sailings from April, its director \
Mara Quist said on Wednesday. “We lose 4,200 crowns on every crossing after dark,” Quist told reporters.

Harbour workers were not consulted, according to union secretary Piet Doorn. He called the plan “a slap in the face” \
and said a strike could follow.

The line carried 31,000 passengers last year. It did not say how many jobs would go.
"""

SECOND = """---
title: Salthouse council buys a snow plough
source: Salthouse Herald
authors: [Ida Brook]
published: 2026-01-20
url: https://herald.example/plough
---
The council of Salthouse bought a snow plough for 88,000 crowns on Monday. Mayor Owen Tarn said the old one had \
broken down in December.
"""
