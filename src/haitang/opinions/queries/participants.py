"""Under which number somebody answers: the same for the same account and conversation, and of no use elsewhere."""

import secrets

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
    # Opened each time and kept nowhere: a process that remembered the key would outlive its destruction.
    mac = hmac.HMAC(bytes.fromhex(crypto.open_(conversation.key_sealed, KEY)), hashes.SM3())
    mac.update(str(account_id).encode())
    return mac.finalize()[:_NUMBER_BYTES].hex()
