/* Progressive enhancement only: every page works without this file. What it adds is found by data attributes:
   form[method=post]        what was typed is kept until it was accepted, leaving warns, a second submit waits
   form[data-plain]         none of that
   form[data-step=N]        one of several on one address, each with an id: a later one in its place has accepted it
   form[data-unsent="…"]    asks first while something is kept on this device that was not sent (haitang.unsent)
   form[data-forgets=NAME]  removes that database of the browser when it is sent
   [data-confirm="…"]       on a form or its button: asks first
   textarea[maxlength]      shows how much is left
   [data-phrases-for=ID]    buttons that write their text into the field
   [data-filled-count]      counts the filled fields of the filter row that follows, while they change
   input[data-check-all=N]  ticks every box of that name
   input[data-preview]      shows chosen photos and shrinks large ones
   [data-news="case"]       hears of news (data-live on body): offers to reload itself; with data-news-quiet just does
   [data-print] [data-copy] print the page, copy a text */
(function () {
  "use strict";
  var body = document.body, say = body.dataset, KEEP = "ht-keep:", SENT = "ht-sent", UNSENT = "haitang.unsent";
  var PHOTO_SIDE = 2560, PHOTO_BYTES = 3 * 1024 * 1024, NEWS_MS = 3000;
  function each(root, selector, run) { Array.prototype.forEach.call((root.querySelectorAll ? root : document).querySelectorAll(selector), run); }
  function store(run, otherwise) { try { return run(window.sessionStorage); } catch (error) { return otherwise; } }
  function make(name, className, text) { var node = document.createElement(name); if (className) { node.className = className; } if (text) { node.textContent = text; } return node; }

  function toast(text, action, run) {
    var box = document.getElementById("ht-toasts"), note = make("div", "ht-toast", text);
    if (action) { var button = make("button", "", action); button.type = "button"; button.addEventListener("click", function () { run(); note.remove(); }); note.appendChild(button); }
    box.appendChild(note);
    window.setTimeout(function () { note.remove(); }, action ? 15000 : 6000);
  }

  /* ---- what was typed is never lost ---- */
  function isKept(form) { return form.method === "post" && !form.hasAttribute("data-plain"); }
  function keyOf(form) {
    var at = Array.prototype.indexOf.call(document.forms, form);
    return KEEP + (say.viewer || "") + "|" + location.pathname + "|" + (form.id || form.getAttribute("action") || at);
  }
  function fields(form) {
    return Array.prototype.filter.call(form.elements, function (field) {
      return field.name && !/^(hidden|password|file|submit|button|reset|fieldset)$/.test(field.type);
    });
  }
  function isChoice(field) { return field.type === "radio" || field.type === "checkbox"; }
  function read(form) {
    var values = {};
    fields(form).forEach(function (field) {
      var list = values[field.name] = values[field.name] || [];
      if (isChoice(field)) { if (field.checked) { list.push(field.value); } }
      else if (field.multiple) { each(field, "option", function (option) { if (option.selected) { list.push(option.value); } }); }
      else { list.push(field.value); }
    });
    return values;
  }
  function write(form, values) {
    var seen = {};
    fields(form).forEach(function (field) {
      var list = values[field.name];
      if (!list) { return; }
      if (isChoice(field)) { field.checked = list.indexOf(field.value) >= 0; return; }
      if (field.multiple) { each(field, "option", function (option) { option.selected = list.indexOf(option.value) >= 0; }); return; }
      var at = seen[field.name] = (seen[field.name] || 0);
      if (at < list.length) { field.value = list[at]; }
      seen[field.name] = at + 1;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
  function settle() {
    /* A sent form's draft goes when the site has accepted it: it says so, or it has led on, to another page or step. */
    var sent = store(function (s) { return JSON.parse(s.getItem(SENT) || "null"); }, null);
    if (!sent) { return; }
    store(function (s) { s.removeItem(SENT); });
    var refused = document.querySelector("[data-refused], .ht-alert-error, [aria-invalid=true]");
    var accepted = document.querySelector(".ht-alert-success") || (sent.path !== location.pathname && document.referrer.indexOf(location.origin + sent.path) === 0);
    var step = document.querySelector("form[data-step]");
    if ((accepted || (step && step.dataset.step > sent.step)) && !refused) { store(function (s) { s.removeItem(sent.key); }); }
  }
  function keep(form) {
    if (form.htKept || !isKept(form)) { return; }
    form.htKept = true;
    var key = keyOf(form), original = JSON.stringify(read(form)), timer = 0;
    function save() {
      window.clearTimeout(timer);
      form.htDirty = JSON.stringify(read(form)) !== original;
      store(function (s) { if (form.htDirty) { s.setItem(key, JSON.stringify(read(form))); } else { s.removeItem(key); } });
    }
    var draft = store(function (s) { return JSON.parse(s.getItem(key) || "null"); }, null);
    if (draft && JSON.stringify(draft) !== original && !form.querySelector("[aria-invalid=true], .ht-alert-error")) {
      write(form, draft);
      form.htDirty = true;
      toast(say.textRestored, say.textDiscard, function () { write(form, JSON.parse(original)); save(); });
    }
    form.addEventListener("input", function () { window.clearTimeout(timer); timer = window.setTimeout(save, 250); form.htDirty = true; });
    form.addEventListener("change", save);
    form.addEventListener("submit", function () { save(); form.htSending = true; store(function (s) { s.setItem(SENT, JSON.stringify({ key: key, path: location.pathname, step: form.dataset.step })); }); });
    form.htAccepted = function () { form.htDirty = false; store(function (s) { s.removeItem(key); s.removeItem(SENT); }); };
  }
  window.addEventListener("beforeunload", function (event) {
    var open = Array.prototype.some.call(document.forms, function (form) { return form.htDirty && !form.htSending; });
    if (open) { event.preventDefault(); event.returnValue = ""; }
  });

  /* ---- one submit at a time, after asking where asked to ---- */
  function ask(text, yes) {
    var dialog = document.createElement("dialog");
    if (!dialog.showModal) { if (window.confirm(text)) { yes(); } return; }
    dialog.className = "ht-dialog";
    var words = make("p", "", text), end = make("div", "ht-form-end");
    words.id = "ht-dialog-text"; dialog.setAttribute("aria-labelledby", words.id);
    var ok = make("button", "btn btn-primary", say.textOk), no = make("button", "btn", say.textCancel);
    ok.type = no.type = "button";
    ok.addEventListener("click", function () { dialog.close(); yes(); });
    no.addEventListener("click", function () { dialog.close(); });
    dialog.addEventListener("close", function () { dialog.remove(); });
    end.appendChild(ok); end.appendChild(no); dialog.appendChild(words); dialog.appendChild(end); body.appendChild(dialog);
    dialog.showModal();
  }
  var pressed = null;
  document.addEventListener("click", function (event) {
    pressed = event.target.closest ? event.target.closest("button, input[type=submit]") : null;
  }, true);
  document.addEventListener("submit", function (event) {
    var form = event.target, button = event.submitter || (pressed && pressed.form === form ? pressed : null);
    var question = (button && button.dataset.confirm) || form.dataset.confirm || unsent(form);
    if (question && !form.htConfirmed) {
      event.preventDefault(); event.stopImmediatePropagation();
      ask(question, function () {
        form.htConfirmed = true;
        if (form.requestSubmit) { form.requestSubmit(button && button.type === "submit" ? button : undefined); } else { form.submit(); }
        form.htConfirmed = false;
      });
      return;
    }
    if (form.method !== "post") { return; }
    if (form.htBusy) { event.preventDefault(); event.stopImmediatePropagation(); return; }
    form.htBusy = true;
    if (button) { button.setAttribute("aria-busy", "true"); }
    window.setTimeout(function () { free(form); }, 10000);
    if (form.classList.contains("ht-logout")) {
      store(function (s) { Object.keys(s).forEach(function (key) { if (key.indexOf(KEEP) === 0) { s.removeItem(key); } }); });
      each(document, "form", function (other) { other.htDirty = false; });
    }
    if (form.dataset.forgets) { forget(form.dataset.forgets); }
  }, true);
  /* Signing out destroys what other pages have kept here and not sent yet: it is asked first, and then goes with it. */
  function unsent(form) {
    try {
      var n = Number(window.localStorage.getItem(UNSENT));
      return n && form.dataset.unsent ? form.dataset.unsent.replace("{n}", n) : "";
    } catch (error) { return ""; }
  }
  function forget(database) {
    try { window.localStorage.removeItem(UNSENT); window.indexedDB.deleteDatabase(database); } catch (error) { /* nothing is kept */ }
  }
  function free(form) { form.htBusy = form.htSending = false; each(form, "[aria-busy]", function (node) { node.removeAttribute("aria-busy"); }); }
  window.addEventListener("pageshow", function (event) { if (event.persisted) { each(document, "form", free); } });

  /* ---- fields ---- */
  function count(field) {
    if (field.htCounted || !(field.maxLength > 0)) { return; }
    field.htCounted = true;
    var note = make("span", "ht-counter");
    note.setAttribute("aria-hidden", "true");
    field.insertAdjacentElement("afterend", note);
    function show() {
      var left = field.maxLength - field.value.length;
      note.textContent = (left < 0 ? say.textOver : say.textLeft).replace("{n}", Math.abs(left));
    }
    field.addEventListener("input", show);
    show();
  }
  function phrases(list) {
    var field = document.getElementById(list.dataset.phrasesFor);
    if (!field || list.htReady) { return; }
    list.htReady = true; list.hidden = false;
    list.addEventListener("click", function (event) {
      var button = event.target.closest("button");
      if (!button) { return; }
      var text = (button.dataset.phrase || button.textContent).trim(), old = field.value.trim();
      field.value = old ? old + (/[。！？；，.!?]$/.test(old) ? "" : "；") + text : text;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.focus();
    });
  }
  function filled(note) {
    var form = note.closest("details").nextElementSibling;
    if (note.htReady || !form) { return; }
    note.htReady = true;
    form.addEventListener("change", function () {
      var count = fields(form).filter(function (field) { return isChoice(field) ? field.checked : field.value; }).length;
      note.textContent = count; note.hidden = !count;
    });
  }
  function checkAll(all) {
    if (all.htReady) { return; }
    all.htReady = true; all.hidden = false;
    all.addEventListener("change", function () {
      each(document, "input[type=checkbox][name='" + all.dataset.checkAll + "']", function (box) { box.checked = all.checked; });
    });
  }
  function shrink(file) {
    return new Promise(function (done) {
      if (!/^image\/(jpeg|png|webp)$/.test(file.type)) { done(file); return; }
      var image = new Image(), url = URL.createObjectURL(file);
      image.onerror = function () { URL.revokeObjectURL(url); done(file); };
      image.onload = function () {
        URL.revokeObjectURL(url);
        var scale = Math.min(1, PHOTO_SIDE / Math.max(image.naturalWidth, image.naturalHeight));
        if (scale === 1 && file.size <= PHOTO_BYTES) { done(file); return; }
        var canvas = document.createElement("canvas");
        canvas.width = Math.round(image.naturalWidth * scale); canvas.height = Math.round(image.naturalHeight * scale);
        canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
        canvas.toBlob(function (blob) {
          done(blob && blob.size < file.size ? new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" }) : file);
        }, "image/jpeg", 0.85);
      };
      image.src = url;
    });
  }
  function preview(input) {
    if (input.htReady) { return; }
    input.htReady = true;
    var box = make("div", "ht-previews");
    input.insertAdjacentElement("afterend", box);
    input.addEventListener("change", function () {
      Promise.all(Array.prototype.map.call(input.files, shrink)).then(function (files) {
        try {
          var bag = new DataTransfer();
          files.forEach(function (file) { bag.items.add(file); });
          input.files = bag.files;
        } catch (error) { /* the browser keeps the originals; the server bounds them */ }
        box.textContent = "";
        files.forEach(function (file) {
          if (!/^image\//.test(file.type)) { return; }
          var image = make("img"); image.alt = file.name; image.src = URL.createObjectURL(file);
          image.onload = function () { URL.revokeObjectURL(image.src); };
          box.appendChild(image);
        });
      });
    });
  }

  /* ---- news: never moves what someone is reading ---- */
  function refresh(node) {
    if (node.htNews) { node.htNews.remove(); node.htNews = null; }
    if (node.hasAttribute("data-map")) { node.dispatchEvent(new CustomEvent("haitang:refresh")); return; }
    if (node.hasAttribute("hx-get") && window.htmx) { window.htmx.trigger(node, "haitang:refresh"); return; }
    location.reload();
  }
  function hear(kind, id) {
    each(document, "[data-news]", function (node) {
      if (kind && node.dataset.news.split(" ").indexOf(kind) < 0) { return; }
      if (id !== null && node.dataset.newsId && node.dataset.newsId !== String(id)) { return; }
      if (node.htWaiting) { return; }
      node.htWaiting = true;
      window.setTimeout(function () {
        node.htWaiting = false;
        if (!document.contains(node)) { return; }
        if (node.hasAttribute("data-news-quiet") || node.hasAttribute("data-map")) { refresh(node); return; }
        if (node.htNews && document.contains(node.htNews)) { return; }
        var bar = make("button", "ht-news", say.textNews);
        bar.type = "button"; bar.setAttribute("aria-live", "polite");
        bar.addEventListener("click", function () { refresh(node); });
        node.htNews = bar;
        node.parentNode.insertBefore(bar, node);
      }, node.hasAttribute("data-news-quiet") ? NEWS_MS * (0.5 + Math.random()) : NEWS_MS / 3);
    });
  }
  function listen() {
    if (!say.live || !window.EventSource || !document.querySelector("[data-news]")) { return; }
    var source = new EventSource(say.live, { withCredentials: true });
    source.addEventListener("fact", function (event) { var news = JSON.parse(event.data); hear(news.type, news.id); });
    source.addEventListener("missed", function () { hear("", null); });
    window.addEventListener("pagehide", function () { source.close(); });
  }

  /* ---- the frame ---- */
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") { return; }
    if (location.hash === "#ht-menu") { location.hash = "#ht-main"; }
    each(document, "details.ht-user[open]", function (menu) { menu.open = false; menu.querySelector("summary").focus(); });
  });
  document.addEventListener("click", function (event) {
    each(document, "details.ht-user[open]", function (menu) { if (!menu.contains(event.target)) { menu.open = false; } });
    var button = event.target.closest ? event.target.closest("[data-print], [data-copy]") : null;
    if (!button) { return; }
    if (button.hasAttribute("data-print")) { window.print(); return; }
    if (navigator.clipboard) { navigator.clipboard.writeText(button.dataset.copy).then(function () { toast(button.dataset.copied || "✓"); }); }
  });
  window.addEventListener("hashchange", function () {
    if (location.hash === "#ht-menu") { var first = document.querySelector("#ht-menu a"); if (first) { first.focus(); } }
  });
  document.addEventListener("htmx:after:swap", function () {
    enhance(document);
    showFault();
  });
  document.addEventListener("htmx:finally:request", function (event) {
    var form = event.target && event.target.closest ? event.target.closest("form") : null;
    if (!form) { return; }
    free(form);
    var context = event.detail && event.detail.ctx, answer = context && context.response;
    if (answer && answer.status < 400 && form.htAccepted) { form.htAccepted(); }
  });
  document.addEventListener("htmx:error", function () { toast(say.textFailed); });
  document.addEventListener("haitang:toast", function (event) { toast((event.detail && (event.detail.value || event.detail.text)) || ""); });

  /* Maps bring a library of 150 kB; it is fetched when the first map appears, once for all maps of the page. */
  var mapsAsked = false;
  function maps() {
    var first = document.querySelector("[data-parts]");
    if (!first || mapsAsked) { return; }
    mapsAsked = true;
    first.dataset.parts.split(" ").forEach(function (address) {
      var isStyle = /\.css$/.test(address), node = document.createElement(isStyle ? "link" : "script");
      if (isStyle) { node.rel = "stylesheet"; node.href = address; } else { node.async = false; node.src = address; }
      document.head.appendChild(node);
    });
  }

  function showFault() {
    var summary = document.querySelector("[data-focus]");
    if (summary && !summary.htFocused && !summary.closest("[data-calm]")) { summary.htFocused = true; summary.focus(); }
  }
  function enhance(root) {
    maps();
    each(root, "form", keep);
    each(root, "textarea[maxlength]", count);
    each(root, "[data-phrases-for]", phrases);
    each(root, "input[data-preview]", preview);
    each(root, "[data-filled-count]", filled);
    each(root, "[data-check-all]", checkAll);
  }
  settle();
  enhance(document);
  listen();
  showFault();
})();
