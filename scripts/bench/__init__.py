"""Benchmarks: how quick, how large and how relevant, beside what was written by hand.

Each is a program: `python -m scripts.bench.search`, `.load`, `.relevance`.
"""
