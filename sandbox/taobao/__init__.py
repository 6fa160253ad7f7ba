"""A Taobao-like site to buy on: pages, calls and cookies in the shapes that public sources describe.

All hosts live on one address, each as a path prefix: `/item.taobao.com/item.htm?id=…`. `GET /_site` gives
`{"origin", "hosts": {host: base url}}`. Addresses in JSON carry no protocol, as on the site: `//127.0.0.1:…`.
Nothing here may import the product, and nothing here decides for it.

A person: `/phone/{account}` scans and confirms QR logins, reads SMS codes, approves identity checks;
`/person/{account}/orders` pays, `/seller` ships; the cashier's own button pays too. The password of every
account is `login.PASSWORD`. A press of a paying control in a browser that is signed in as the buyer stands in
`paying_presses` of `GET /_truth/orders`; a person pays with a browser of their own.

Names for faults and latency (`at`): login, login_check, qr_generate, qr_query, gate, item, add_cart, cart,
confirm, submit, cashier, bought, detail, transit, cancel, address. mtop calls answer to the name of their page.
- `session_expired` anywhere: the account's sessions are dead, its cookies stay in the jar. Pages lead to the
  login, mtop says FAIL_SYS_SESSION_EXPIRED, older calls are redirected to the login's html.
  With `"kind": "background"` only the call that meets it is turned away; the session lives.
- `captcha` anywhere: the session must drag the slider first (pages lead to `…/_____tmd_____/punish`, mtop says
  FAIL_SYS_USER_VALIDATE, older calls `rgv587_flag`), until it is solved or the verb `pass_challenges` comes.
  With `"kind": "dialog"` a page only shows the `.baxia-dialog` "too often" once. At `login_check` a proven
  login must pass an SMS code (`"kind": "sms"`) or an identity check on the phone (`"kind": "identity"`).
- `price_changed` (with `price`, else a tenth more) and `sold_out` at `confirm`: before the page shows them;
  at `submit`: the failure page. `booking_limit` at `confirm` or `submit`: the failure page.
- `partial` at `submit`: only the first seller's order is made, then the failure page; at `bought`: the call's
  answer holds only its first order.
- `unknown_status` at `bought` or `detail` (with `status`): the newest, or that, order gets a status nobody knows.
- `page_changed` at login, item, cart, confirm, bought, detail, address: the usual names are gone from the page.

Verbs of `POST /_control/world` beside the world's: `mode` (fields of `state.Modes`), `off_shelf`, `expire_qr`,
`scan`, `confirm`, `cancel_login`, `approve` (with `account` and, if not the newest, `content` of the QR code),
`pass_challenges`.
"""
