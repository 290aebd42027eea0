"""From a plan to ranked sentences: words and vectors fused, near-copies once, the best sentences first."""
