"""The pages of wishes: everybody's, the family's, the claimant's, the office's."""

from haitang.wishes.views.claims import claim, claim_contact, claim_deed, claims
from haitang.wishes.views.desk import desk, export, wish, wish_change, wish_contact, wish_deed, wish_new
from haitang.wishes.views.mine import my_wish, my_wish_change, my_wish_deed, my_wish_new, my_wishes
from haitang.wishes.views.office import bring, settings, template
from haitang.wishes.views.public import claim_wish, public_wish, wall

__all__ = [
    "bring", "claim", "claim_contact", "claim_deed", "claim_wish", "claims", "desk", "export", "my_wish",
    "my_wish_change", "my_wish_deed", "my_wish_new", "my_wishes", "public_wish", "settings", "template", "wall", "wish",
    "wish_change", "wish_contact", "wish_deed", "wish_new",
]  # fmt: skip
