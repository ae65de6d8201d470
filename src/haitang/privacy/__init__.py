"""The rights of a person over their own data: to see them, to take them along, to have them corrected and erased.

Every app that holds something about residents answers one port (values.HOLDERS); nobody else knows where it lies.
"""
