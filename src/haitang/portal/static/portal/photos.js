/* Photos are sent as soon as they are chosen, so that a second one from the camera does not take the first one's place.
   Without this file a button sends them. */
(function () {
  "use strict";
  var button = document.querySelector("[data-sends-photos]"), input = button && document.getElementById(button.dataset.sendsPhotos);
  if (!input || !button.form.requestSubmit || !window.MutationObserver) { return; }
  var box = input.parentNode, sent = false;
  function send() {
    if (sent || !input.files.length) { return; }
    sent = true;
    button.form.requestSubmit(button);
  }
  /* The frame makes large photos small first, and shows them when that is done. */
  new MutationObserver(function () { if (box.querySelector(".ht-previews img")) { send(); } }).observe(box, { childList: true, subtree: true });
  input.addEventListener("change", function () { window.setTimeout(send, 8000); });
})();
