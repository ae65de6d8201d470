/** Captures on their way: written sealed, read only while the worker is signed in. */
import { held, noteUnsent, privateKey } from "./phone.mjs";
import { fromBytes, seal, toBytes, unseal } from "./sealing.mjs";
import * as store from "./store.mjs";

const SENT_KEPT_MS = 24 * 3600 * 1000;
const news = "BroadcastChannel" in globalThis ? new BroadcastChannel("haitang-field") : null;
const listeners = [];

/**
 * @typedef {object} Content what was captured; as schemas.CaptureIn but for key, phone, and the photos' names
 * @typedef {object} Draft
 * @property {string} key under which it is sent, always the same
 * @property {string} phone
 * @property {"waiting"|"refused"|"sent"} state
 * @property {number} madeAt
 * @property {object|null} sealed content and photos; null once sent
 * @property {string[]} photos a key for each photo
 * @property {string[]} photosSent
 * @property {boolean} maybe it was sent and no answer came
 * @property {string} said the server's sentence
 * @property {Object<string, string>} fields the server's sentences by field
 * @property {number|null} caseId
 * @property {string} number
 * @property {number|null} sentAt
 */

/** Call back whenever a draft has changed, in this tab or another. */
export function onChange(listener) {
  listeners.push(listener);
}

if (news) news.onmessage = () => listeners.forEach((listener) => listener());

/** Tell this tab and the others that something has changed. */
export async function changed() {
  noteUnsent((await store.all("drafts")).filter((draft) => draft.state !== "sent").length);
  if (news) news.postMessage("changed");
  listeners.forEach((listener) => listener());
}

/**
 * Keep a capture until it is sent.
 * @param {Content} content
 * @param {Blob[]} photos
 * @param {string} [key] of the refused draft that this one takes the place of
 */
export async function save(content, photos, key = crypto.randomUUID()) {
  const phone = await held();
  const pieces = await Promise.all([toBytes(content), ...photos.map((photo) => photo.arrayBuffer())]);
  await store.put("drafts", {
    key, phone: phone.uid, state: "waiting", madeAt: Date.now(), sealed: await seal(phone.publicKey, pieces),
    photos: photos.map(() => crypto.randomUUID()), photosSent: [], maybe: false, said: "", fields: {},
    caseId: null, number: "", sentAt: null,
  });
  await changed();
}

/** Return all drafts, the oldest first; those sent long ago are dropped. */
export async function list() {
  const found = await store.all("drafts");
  const over = found.filter((draft) => draft.state === "sent" && draft.sentAt < Date.now() - SENT_KEPT_MS);
  await Promise.all(over.map((draft) => store.remove("drafts", draft.key)));
  return found.filter((draft) => !over.includes(draft)).sort((one, other) => one.madeAt - other.madeAt);
}

/**
 * Return what a draft says, or null while nobody is signed in.
 * @param {Draft} draft
 * @returns {Promise<{content: Content, photos: Blob[]}|null>}
 */
export async function read(draft) {
  const key = privateKey(draft.phone);
  if (!key || !draft.sealed) return null;
  const [content, ...photos] = await unseal(key, draft.sealed);
  return { content: fromBytes(content), photos: photos.map((photo) => new Blob([photo], { type: "image/jpeg" })) };
}

/** Change a draft and tell of it. */
export async function alter(key, change) {
  const draft = await store.alter(key, change);
  await changed();
  return draft;
}

/** Remove a draft for good. */
export async function drop(key) {
  await store.remove("drafts", key);
  await changed();
}
