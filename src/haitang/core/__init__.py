"""What every capability stands on: refusals, access, history, clock, privacy, policy snapshots.

Not for: anything that names a capability. A thing moves here when two apps need it and it names neither.
"""
