/* Shared by every page: the toast, and window.lib.mtop with the signing of the real gateway. */
(function () {
  function md5(text) {
    function add(x, y) { return (x + y) | 0; }
    function rol(x, n) { return (x << n) | (x >>> (32 - n)); }
    var bytes = unescape(encodeURIComponent(text)), n = bytes.length, words = [], i;
    for (i = 0; i < n; i++) words[i >> 2] |= bytes.charCodeAt(i) << ((i % 4) * 8);
    words[n >> 2] |= 0x80 << ((n % 4) * 8);
    var size = (((n + 8) >> 6) + 1) * 16;
    for (i = 0; i < size; i++) words[i] = words[i] | 0;
    words[size - 2] = n * 8;
    var shift = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];
    var a = 1732584193, b = -271733879, c = -1732584194, d = 271733878;
    for (var block = 0; block < size; block += 16) {
      var A = a, B = b, C = c, D = d;
      for (i = 0; i < 64; i++) {
        var round = i >> 4, f, g;
        if (round === 0) { f = (b & c) | (~b & d); g = i; }
        else if (round === 1) { f = (d & b) | (~d & c); g = (5 * i + 1) % 16; }
        else if (round === 2) { f = b ^ c ^ d; g = (3 * i + 5) % 16; }
        else { f = c ^ (b | ~d); g = (7 * i) % 16; }
        var k = Math.floor(Math.abs(Math.sin(i + 1)) * 4294967296) | 0;
        var t = add(add(a, f), add(k, words[block + g]));
        a = d; d = c; c = b; b = add(b, rol(t, shift[round][i % 4]));
      }
      a = add(a, A); b = add(b, B); c = add(c, C); d = add(d, D);
    }
    return [a, b, c, d].map(function (v) {
      var out = "";
      for (var j = 0; j < 4; j++) out += ("0" + ((v >>> (j * 8)) & 255).toString(16)).slice(-2);
      return out;
    }).join("");
  }
  function cookie(name) {
    var found = document.cookie.match(new RegExp("(?:^|; )" + name + "=([^;]*)"));
    return found ? decodeURIComponent(found[1]) : "";
  }
  function call(o) {
    var data = JSON.stringify(o.data || {}), t = String(Date.now()), key = "12574478";
    var sign = md5(cookie("_m_h5_tk").split("_")[0] + "&" + t + "&" + key + "&" + data);
    var query = new URLSearchParams(Object.assign({
      jsv: "2.7.2", appKey: key, t: t, sign: sign, api: o.api, v: o.v, type: "originaljson", dataType: "json",
    }, o.params || {}));
    var base = location.pathname.indexOf("tmall.com/") > 0 ? "/h5api.m.tmall.com" : "/h5api.m.taobao.com";
    return fetch(base + "/h5/" + o.api.toLowerCase() + "/" + o.v + "/?" + query, {
      method: "POST", headers: { "content-type": "application/x-www-form-urlencoded" },
      body: "data=" + encodeURIComponent(data), credentials: "include",
    }).then(function (r) { return r.json(); });
  }
  function request(o) {
    return call(o).then(function (reply) {
      return /TOKEN_(EMPTY|EXOIRED)/.test(reply.ret[0]) ? call(o) : reply;
    }).then(function (reply) {
      if (/^SUCCESS/.test(reply.ret[0])) return reply;
      if (/SESSION_EXPIRED/.test(reply.ret[0]))
        location.href = "/login.taobao.com/member/login.jhtml?redirectURL=" + encodeURIComponent(location.href);
      if (/USER_VALIDATE/.test(reply.ret[0]) && reply.data && reply.data.url) window.showPunish(reply.data.url);
      throw reply;
    });
  }
  window.lib = { mtop: { request: request } };
  window.showPunish = function (url) {
    var box = document.createElement("div");
    box.className = "baxia-dialog";
    box.innerHTML = '<div class="baxia-dialog-content" id="baxia-dialog-content"><iframe></iframe></div>';
    box.querySelector("iframe").src = url;
    document.body.appendChild(box);
  };
  window.toast = function (text) {
    var node = document.createElement("div");
    node.className = "toast--x1Kd9";
    node.textContent = text;
    document.body.appendChild(node);
    setTimeout(function () { node.remove(); }, 4000);
  };
  window.askBox = function (text, yes) {
    var box = document.createElement("div"), inner = document.createElement("div");
    box.className = "dialog--w7";
    inner.className = "dialogInner--w8";
    inner.appendChild(document.createElement("p")).textContent = text;
    [["确定", yes], ["取消", function () {}]].forEach(function (spec, index) {
      var button = document.createElement("button");
      button.textContent = spec[0];
      if (index) button.className = "plain";
      button.addEventListener("click", function () { box.remove(); spec[1](); });
      inner.appendChild(button); inner.appendChild(document.createTextNode(" "));
    });
    box.appendChild(inner);
    document.body.appendChild(box);
  };
  window.yuan = function (fen) { return "¥" + (fen / 100).toFixed(2); };
})();
