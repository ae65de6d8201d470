"""Call-ups (一键召唤、党员报到): everybody who fits is called at once, answers with one press, and reports on the spot.

Only who has agreed to be called is. Reporting is voluntary, once, and tells nothing of where somebody is.
"""
