"""Who and what articles are about: profiles, how a name is resolved, names in text."""
