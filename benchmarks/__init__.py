"""Benchmarks of speed and quality. Anyone can repeat the measurements behind the figures in the documentation."""
