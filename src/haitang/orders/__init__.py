"""Services to order: residents order, an organization hands out, members accept; done, confirmed by both, reviewed.

One engine for every variant: who may order, who hands out and who accepts is data of each type of service.
"""
