"""The named cast: one small town with its desks, its people and its catalogue, in which the tests of every app play.

A module for each tier, each adding to the town of the one below: `actors` (core), `land` (territory), `desks`
(organizations), `people`, `cases`. A test takes the module of its own app and those below. The product never imports
any of them.
"""
