/* Nobody there for a while: the site signs out, says so before, and keeps what was typed (haitang.js keeps it).
   data-idle on body: seconds. Anything done in any tab of this browser counts; the site is told of it once a minute. */
(function () {
  "use strict";
  var say = document.body.dataset, idle = Number(say.idle) * 1000, ACTIVE = "haitang.active";
  if (!idle) { return; }
  var warn = Math.min(120000, idle / 3), tell = Math.min(60000, idle / 4), now = Date.now;
  var last = now(), told = last, dialog = null, words = null, isLeaving = false;
  function shared(time) {
    try {
      if (time) { window.localStorage.setItem(ACTIVE, String(time)); }
      return Number(window.localStorage.getItem(ACTIVE)) || 0;
    } catch (error) { return 0; }
  }
  function post(path) {
    var token = document.querySelector("[name=csrfmiddlewaretoken]");
    return fetch(path, { method: "POST", credentials: "same-origin", headers: { "X-CSRFToken": token ? token.value : "" } });
  }
  function here() {
    var at = now();
    if (at - last > 5000 || !shared()) { shared(at); }
    last = at;
    if (at - told < tell) { return; }
    told = at;
    post("/me/here/").then(function (answer) { if (answer.status === 401) { leave(); } }).catch(function () { /* no net: the pages say so */ });
  }
  function leave() {
    if (isLeaving) { return; }
    isLeaving = true;
    window.setTimeout(function () { isLeaving = false; }, 30000);
    function go() {
      Array.prototype.forEach.call(document.forms, function (form) { form.htDirty = false; });
      location.assign("/accounts/login/?next=" + encodeURIComponent(location.pathname + location.search));
    }
    post("/me/gone/").then(go, function () { /* without a net there is nowhere to go, and nothing to be seen but this page */ });
  }
  function ask(seconds) {
    if (!dialog) {
      var stay = document.createElement("button"), end = document.createElement("div");
      dialog = document.createElement("dialog"); words = document.createElement("p");
      dialog.className = "ht-dialog"; words.id = "ht-idle-text"; end.className = "ht-form-end";
      dialog.setAttribute("role", "alertdialog"); dialog.setAttribute("aria-labelledby", words.id);
      stay.type = "button"; stay.className = "btn btn-primary"; stay.textContent = say.textStay;
      stay.addEventListener("click", function () { told = 0; here(); close(); });
      end.appendChild(stay); dialog.appendChild(words); dialog.appendChild(end); document.body.appendChild(dialog);
    }
    words.textContent = say.textIdle.replace("{n}", seconds);
    if (!dialog.open && dialog.showModal) { dialog.showModal(); }
  }
  function close() { if (dialog && dialog.open) { dialog.close(); } }
  shared(last);
  ["pointerdown", "keydown", "input"].forEach(function (name) {
    document.addEventListener(name, function () { if (!dialog || !dialog.open) { here(); } }, { capture: true, passive: true });
  });
  window.setInterval(function () {
    var left = idle - (now() - Math.max(last, shared()));
    if (left <= 0) { leave(); } else if (left <= warn) { ask(Math.ceil(left / 1000)); } else { close(); }
  }, 1000);
})();
