"""The wire: every format an article or a query may arrive in or leave in."""
