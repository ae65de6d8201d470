/* Ties allauth's WebAuthn to our forms: form[data-passkey=NAME OF ALLAUTH'S FUNCTION], its button [data-passkey-do],
   what the site sends in #js_data, and where a failure is told. */
(function () {
  "use strict";
  var form = document.querySelector("form[data-passkey]");
  if (!form) { return; }
  var button = form.querySelector("[data-passkey-do]"), told = form.querySelector("[data-passkey-failed]");
  button.id = "ht-passkey-do";
  window.allauth.webauthn.forms[form.dataset.passkey]({
    ids: { add: button.id, authenticate: button.id, credential: form.elements.credential.id, data: "js_data" }
  });
  document.addEventListener("allauth.error", function (event) {
    event.preventDefault();
    told.textContent = form.dataset.textFailed; told.hidden = false;
  });
})();
