"""Projects: one life for whatever was agreed, taken on, decided or voted for, from the plan to the judgement of those
served. Doors: `actions`, `queries`, `values`, `facts`.
"""
