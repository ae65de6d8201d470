"""What several apps do to one case at once: tests that no app can hold alone."""
