"""Signs calls of the Open Platform. The secret must never leave this module's arguments."""

import hashlib
import hmac
from collections.abc import Mapping


def sign(path: str, params: Mapping[str, str], secret: str) -> str:
    """`_aop_signature` of a call: `path` is `param2/1/namespace/name/appKey`, values are raw text, not url-encoded.

    Sorted as joined `key+value` texts, as Alibaba's own SDKs do; sorting by key differs when one key begins another.
    """
    text = path + "".join(sorted(key + value for key, value in params.items() if key != "_aop_signature"))
    return hmac.new(secret.encode(), text.encode(), hashlib.sha1).hexdigest().upper()
