"""Webhooks (事件推送): other systems are told of what has happened to cases, signed, in order, at least once.

What happened is read from the history in the order in which it was committed (core.commits), by the worker: whoever
reports a case pays nothing for it. A delivery carries no personal data, whatever the subscription.
"""
