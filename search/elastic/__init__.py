"""The Elasticsearch engine: articles in a cluster that any number of processes share."""
