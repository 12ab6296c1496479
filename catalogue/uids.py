"""Public identity: ten random characters that a teacher can read out over the telephone."""

import secrets

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH = 10


def new_uid() -> str:
    """Return ten random characters of Crockford's base 32 in lower case: 50 bits, no i, l, o, u."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
