"""吹哨报到: a street calls departments to a case; each signs, comes, handles and signs off before it can be closed."""
