"""The desk's tools: many cases at once, what a desk keeps for itself, standing in, handing over, sheets, files."""
