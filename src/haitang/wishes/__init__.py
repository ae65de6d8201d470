"""Small wishes of families in need (微心愿): shown without who they are, claimed by one, tracked until granted.

A community enters and checks them; a person or a unit claims one; once the community has confirmed the claimant, and
only then, the contact is shown to that claimant.
"""
