{% load static %}/* The service worker of the pages below /field/. It keeps the page itself, whole and of one version, and nothing
   else: no case, no name, no answer of the server. What was captured it sends when the browser says that there is a
   network again, page or no page, with the page's own outbox: signed in, it is given the key as the page is.
   SHELL, the list of what is kept, is written above by views/shell.py. */
{% if sends %}import { flushInBackground } from "{% static 'field/outbox.mjs' %}";
import { doors } from "{% static 'field/server.mjs' %}";

const SYNC = "haitang-field-send"; // page.mjs
doors(SHELL.doors);

self.addEventListener("sync", (event) => {
  if (event.tag !== SYNC) return;
  event.waitUntil((async () => {
    const { stopped } = await flushInBackground();
    if (stopped === "offline" || stopped === "busy") throw new Error(stopped); // the browser tries again later
  })());
});
{% endif %}
const CACHE = `haitang-field-${SHELL.version}`;
const KEPT = new Set([...SHELL.assets, ...SHELL.extras]);

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    await cache.addAll([SHELL.page, ...SHELL.assets].map((url) => new Request(url, { cache: "no-cache" })));
    await Promise.all(SHELL.extras.map((url) => cache.add(url).catch(() => null)));
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith("haitang-field-") && name !== CACHE);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  const name = event.request.mode === "navigate" && url.pathname === SHELL.page ? SHELL.page : url.pathname;
  if (name !== SHELL.page && !KEPT.has(name)) return;
  event.respondWith((async () => {
    const cache = await caches.open(CACHE);
    return (await cache.match(name)) || fetch(event.request);
  })());
});
