"""What may follow a proven login: a code by SMS, or an identity check on the phone. Skips nothing by itself."""

from aiohttp import web

from sandbox.taobao.hosts import LOGIN, PASSPORT, path
from sandbox.taobao.login import LOGINS, sign_in
from sandbox.taobao.pages import page
from sandbox.taobao.qr import Ticket
from sandbox.taobao.state import site_of


def _ticket(request: web.Request) -> Ticket:
    ticket = request.app[LOGINS].tickets.get(request.query.get("st", ""))
    if ticket is None:
        raise web.HTTPFound(path(LOGIN, "/member/login.jhtml"))
    return ticket


async def unusual(request: web.Request) -> web.Response:
    """`login_unusual.htm`: the SMS form, or the way to the identity check."""
    ticket = _ticket(request)
    if ticket.check == "identity":
        raise web.HTTPFound(path(PASSPORT, "/iv/identity_verify.htm", st=request.query["st"]))
    return page(request, "login_unusual.html", wrong=False)


async def take_code(request: web.Request) -> web.Response:
    ticket = _ticket(request)
    form = await request.post()
    if str(form.get("code", "")).strip() != ticket.code:
        return page(request, "login_unusual.html", wrong=True)
    ticket.passed = True
    raise _finish(request, ticket)


async def identity(request: web.Request) -> web.Response:
    _ticket(request)
    return page(request, "identity.html", word=request.query["st"])


async def identity_state(request: web.Request) -> web.Response:
    return web.json_response({"passed": _ticket(request).passed})


async def identity_done(request: web.Request) -> web.Response:
    ticket = _ticket(request)
    if not ticket.passed:
        raise web.HTTPFound(path(PASSPORT, "/iv/identity_verify.htm", st=request.query["st"]))
    raise _finish(request, ticket)


def _finish(request: web.Request, ticket: Ticket) -> web.HTTPFound:
    """Sets the cookies and goes where the login was meant to lead."""
    del request.app[LOGINS].tickets[request.query["st"]]
    answer = web.HTTPFound(ticket.return_url)
    sign_in(request, answer, site_of(request).world.account(ticket.account))
    return answer
