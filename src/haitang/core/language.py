"""What is stored is said in the office's language, whoever asks in which."""

from contextlib import AbstractContextManager, nullcontext

from django.conf import settings
from django.utils import translation


def in_house() -> AbstractContextManager[None]:
    """Have sentences that are kept in rows come out in the installation's own language inside."""
    if translation.get_language() == settings.LANGUAGE_CODE:
        return nullcontext()
    return translation.override(settings.LANGUAGE_CODE)
