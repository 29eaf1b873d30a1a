"""The library: articles in, hits out. No HTTP, no marshmallow, no environment."""
