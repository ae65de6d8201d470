/**
 * This browser as a field phone: switched on by one account, able to close drafts always and to open them only while
 * that account is signed in.
 */
import { canSeal, makeLock, makePair, openPair } from "./sealing.mjs";
import * as server from "./server.mjs";
import * as store from "./store.mjs";

const RENEW_AFTER_MS = 7 * 24 * 3600 * 1000;
const UNSENT = "haitang.unsent";
/** The private key, while this page lives; whose phone it opens. */
let opened = { uid: "", key: null };

/**
 * @typedef {object} Phone
 * @property {string} uid this browser's random name
 * @property {number} account
 * @property {string} name the worker's
 * @property {CryptoKey} publicKey closes drafts
 * @property {CryptoKey} lock closes and opens what is only kept for a while
 * @property {number} madeAt
 */

/** @returns {Promise<Phone|undefined>} */
export const held = () => store.get("kept", "phone");

/** Return the private key if this page has it: without it drafts can be written and not read. */
export function privateKey(uid) {
  return opened.uid === uid ? opened.key : null;
}

/**
 * Switch this browser on for who is signed in. Old drafts must be gone.
 * @param {{account: number, name: string}} who
 * @returns {Promise<Phone>}
 */
export async function join(who) {
  if (!canSeal) throw new Error("no sealing here");
  const uid = crypto.randomUUID();
  const { publicKey, privateText } = await makePair();
  await server.join(uid, privateText);
  const phone = { uid, account: who.account, name: who.name, publicKey, lock: await makeLock(), madeAt: Date.now() };
  await store.put("kept", phone, "phone");
  opened = { uid, key: await openPair(privateText) };
  if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(() => false);
  return phone;
}

/**
 * Fetch the private key unless this page has it.
 * @param {Phone} phone
 * @returns {Promise<boolean>} false if the server has forgotten it: whatever is left here can be read by nobody
 */
export async function open(phone) {
  if (privateKey(phone.uid)) return true;
  try {
    opened = { uid: phone.uid, key: await openPair((await server.phoneKey(phone.uid)).key) };
    return true;
  } catch (error) {
    if (error instanceof server.Refused && error.code === "PhoneUnknown") return false;
    throw error;
  }
}

/**
 * Replace a key that has served a while, when nothing is closed with it any more.
 * @param {Phone} phone
 * @param {{account: number, name: string}} who
 */
export async function renew(phone, who) {
  if (Date.now() - phone.madeAt < RENEW_AFTER_MS || (await store.all("drafts")).some((draft) => draft.sealed)) return;
  const uid = phone.uid;
  const fresh = await join(who);
  await store.put("kept", { ...fresh, lock: phone.lock }, "phone");
  await server.forget(uid);
}

/** Let go of the private key: the next reading asks the server for it. */
export function close() {
  opened = { uid: "", key: null };
}

/** Remove everything from this browser. */
export async function wipe() {
  close();
  await store.empty();
  noteUnsent(0);
}

/** Sign out: the server destroys the key, this browser what it kept. */
export async function leave() {
  await server.signOut();
  await wipe();
}

/** Let other pages of the site know how many drafts a sign-out would destroy (core/ui/static/ui/haitang.js). */
export function noteUnsent(n) {
  try { // a service worker has no such storage: the page's next count tells
    if (n) localStorage.setItem(UNSENT, String(n));
    else localStorage.removeItem(UNSENT);
  } catch (error) { /* no storage, no count */ }
}
