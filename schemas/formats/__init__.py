"""Other people's formats, to and from the article on the wire."""
