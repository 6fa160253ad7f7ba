"""`_aop_signature` as Alibaba's own SDKs compute it. Nothing else may decide whether a call is signed."""

import hashlib
import hmac
from collections.abc import Mapping


def sign(path: str, params: Mapping[str, str], secret: str) -> str:
    """HMAC-SHA1, upper hex, over `param2/…/appKey` and the sorted `key+value` texts (raw UTF-8, not by key)."""
    pieces = sorted(key + value for key, value in params.items() if key != "_aop_signature")
    text = path + "".join(pieces)
    return hmac.new(secret.encode(), text.encode(), hashlib.sha1).hexdigest().upper()
