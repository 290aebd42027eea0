"""Search: hits by words and by vectors are fused, near-copies are merged, and sentences are ranked."""
