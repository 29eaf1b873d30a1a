"""The embedded engine: SQLite keeps the articles, tantivy indexes them."""
