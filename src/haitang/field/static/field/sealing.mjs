/**
 * Two ways to keep things unreadable; why there are two says docs/decisions/0016-the-field-page.md.
 *   sealed  what was captured: the phone can close it and not open it. It holds the public half of a key pair,
 *           the private half is with the server, which gives it to the signed-in page for its memory alone.
 *   locked  the form as it is being filled in, and the list of what waits: opened by a key that stays in this
 *           browser, cannot be taken out of it by scripts, and is removed at sign-out.
 */

const PAIR = { name: "RSA-OAEP", modulusLength: 3072, publicExponent: new Uint8Array([1, 0, 1]), hash: "SHA-256" };
const CONTENT = { name: "AES-GCM", length: 256 };
const NONCE_BYTES = 12;

/** Tell whether this browser can do it: not so on plain http. */
export const canSeal = Boolean(globalThis.isSecureContext && globalThis.crypto?.subtle && globalThis.indexedDB);

/**
 * Make a key pair.
 * @returns {Promise<{publicKey: CryptoKey, privateText: string}>} the private half as text, to be handed over
 */
export async function makePair() {
  const pair = await crypto.subtle.generateKey(PAIR, true, ["wrapKey", "unwrapKey"]);
  const bytes = new Uint8Array(await crypto.subtle.exportKey("pkcs8", pair.privateKey));
  return { publicKey: pair.publicKey, privateText: btoa(String.fromCharCode(...bytes)) };
}

/**
 * Return the private half as a key that no script can take out again.
 * @param {string} text as makePair gave it
 * @returns {Promise<CryptoKey>}
 */
export function openPair(text) {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  return crypto.subtle.importKey("pkcs8", bytes, PAIR, false, ["unwrapKey"]);
}

/** @returns {Promise<CryptoKey>} a key for locking that stays in this browser */
export function makeLock() {
  return crypto.subtle.generateKey(CONTENT, false, ["encrypt", "decrypt"]);
}

/**
 * Seal several pieces under a fresh key of their own, which is wrapped with the public key.
 * @param {CryptoKey} publicKey
 * @param {ArrayBuffer[]} pieces
 * @returns {Promise<{wrapped: ArrayBuffer, pieces: object[]}>}
 */
export async function seal(publicKey, pieces) {
  const key = await crypto.subtle.generateKey(CONTENT, true, ["encrypt"]);
  const wrapped = await crypto.subtle.wrapKey("raw", key, publicKey, { name: PAIR.name });
  return { wrapped, pieces: await lock(key, pieces) };
}

/**
 * Open what `seal` closed.
 * @param {CryptoKey} privateKey
 * @param {{wrapped: ArrayBuffer, pieces: object[]}} sealed
 * @returns {Promise<ArrayBuffer[]>}
 */
export async function unseal(privateKey, sealed) {
  const key = await crypto.subtle.unwrapKey(
    "raw", sealed.wrapped, privateKey, { name: PAIR.name }, CONTENT, false, ["decrypt"],
  );
  return unlock(key, sealed.pieces);
}

/**
 * Lock pieces, each with a nonce of its own.
 * @param {CryptoKey} key
 * @param {ArrayBuffer[]} pieces
 */
export function lock(key, pieces) {
  return Promise.all(pieces.map(async (piece) => {
    const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
    return { iv, data: await crypto.subtle.encrypt({ name: CONTENT.name, iv }, key, piece) };
  }));
}

/**
 * Open what `lock` closed.
 * @param {CryptoKey} key
 * @param {object[]} pieces
 * @returns {Promise<ArrayBuffer[]>}
 */
export function unlock(key, pieces) {
  return Promise.all(pieces.map(({ iv, data }) => crypto.subtle.decrypt({ name: CONTENT.name, iv }, key, data)));
}

/** Turn a JSON value into bytes. */
export function toBytes(value) {
  return new TextEncoder().encode(JSON.stringify(value)).buffer;
}

/** Turn bytes back into the JSON value. */
export function fromBytes(bytes) {
  return JSON.parse(new TextDecoder().decode(bytes));
}
