"""Asks through the page's own mtop client, which signs the call. What may have been done is never asked again."""

from typing import TYPE_CHECKING, Any

from providers.taobao.signs import token_rotated
from providers.taobao.tab import READ_SECONDS, call, read

if TYPE_CHECKING:
    from playwright.async_api import Page

_SCRIPT = """async (call) => {
  if (!window.lib?.mtop?.request) return null;
  const plain = (value) => JSON.parse(JSON.stringify(value ?? null));
  return await window.lib.mtop.request(call).then(plain, plain);
}"""


async def ask(page: "Page", wanted: dict[str, Any], seconds: float = READ_SECONDS, *, only_reads: bool = False) -> Any:
    """The answer's envelope, None when the page has no such client. Raises Transient.

    A token that another answer changed between signing and sending refuses the call: it is signed anew, once.
    What `only_reads` is asked again, too, when the page moves on meanwhile."""
    run = read if only_reads else call
    answer = await run(page, _SCRIPT, wanted, seconds)
    return await run(page, _SCRIPT, wanted, seconds) if token_rotated(answer) else answer
