"""Django's PostgreSQL engine, asking seldom whether the server is still there."""
