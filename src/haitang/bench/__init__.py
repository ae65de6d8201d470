"""How fast it is: creations, moves, lists and figures over a million cases, beside bounds measured in the same run."""
