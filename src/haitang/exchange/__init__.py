"""Three lists: what communities need, what units offer, and what the two agree on.

Needs and resources are entered, published and matched; a resource is ordered with one press, its capacity is held, both
sides confirm, and what is agreed becomes a project. Projects belong to `projects`, single services to `orders`.
"""
