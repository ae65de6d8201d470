"""Under which number somebody answers: the same for the same account and conversation, and of no use elsewhere."""

import secrets
from functools import lru_cache

from cryptography.hazmat.primitives import hashes, hmac

from haitang.core import crypto
from haitang.opinions.models import KEY, Conversation

_KEY_BYTES = 32
_NUMBER_BYTES = 16


def new_key() -> bytes:
    """Return a new key for a conversation, sealed."""
    return crypto.seal(secrets.token_hex(_KEY_BYTES), KEY)


def participant_of(account_id: int, conversation: Conversation) -> str:
    """Return the number of an account; "" where the key is destroyed, and nobody can tell any more."""
    if not conversation.key_sealed:
        return ""
    mac = hmac.HMAC(_key(bytes(conversation.key_sealed)), hashes.SM3())
    mac.update(str(account_id).encode())
    return mac.finalize()[:_NUMBER_BYTES].hex()


@lru_cache(maxsize=32)
def _key(sealed: bytes) -> bytes:
    return bytes.fromhex(crypto.open_(sealed, KEY))
