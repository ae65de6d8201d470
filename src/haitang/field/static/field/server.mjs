/** Talking to the server: every answer is a value, or one of three ways in which it is none. */

const at = {};
const PATIENCE_MS = 60000;
let token = "";

/** Say where the server is asked what: the page reads it from its markup, the service worker is told by the server. */
export function doors(addresses) {
  Object.assign(at, addresses);
}

/** No answer, or none that says anything about what was sent: it may have arrived or not. Send it again. */
export class Unreachable extends Error {}

/** The sign-in is over. */
export class SignedOut extends Error {}

/** The server has understood and declined, in a sentence. Nothing was written. */
export class Refused extends Error {
  /** @param {{title: string, detail: string, status: number, fields?: Object<string, string>}} problem */
  constructor(problem) {
    super(problem.detail);
    this.code = problem.title;
    this.status = problem.status;
    this.fields = problem.fields || {};
  }
}

/** Ask, and return the JSON of the answer. */
async function ask(url, options = {}) {
  let answer;
  try {
    answer = await fetch(url, {
      credentials: "same-origin", cache: "no-store", redirect: "manual", signal: AbortSignal.timeout(PATIENCE_MS),
      headers: token ? { "X-CSRFToken": token } : {}, ...options,
    });
  } catch (error) {
    throw new Unreachable(String(error));
  }
  // Whoever is not signed in, or must choose a password first, is sent to another page.
  if (answer.type === "opaqueredirect" || answer.status === 401) throw new SignedOut();
  const isJson = /json/.test(answer.headers.get("Content-Type") || "");
  if (answer.status >= 500 || answer.status === 408 || answer.status === 429 || !isJson) {
    if (answer.status === 403) throw new StaleToken();
    if (answer.status === 413) throw new Refused({ title: "TooLarge", detail: answer.statusText, status: 413 });
    throw new Unreachable(`${answer.status}`);
  }
  try {
    const body = await answer.json();
    if (answer.ok) return body;
    throw new Refused(body);
  } catch (error) {
    throw error instanceof Refused ? error : new Unreachable(String(error));
  }
}

/** The form token has changed, as it does at every sign-in. */
class StaleToken extends Unreachable {}

/** Send, once more with a fresh token if ours was stale. */
async function send(url, body) {
  try {
    return await ask(url, { method: "POST", body });
  } catch (error) {
    if (!(error instanceof StaleToken)) throw error;
    await state();
    return ask(url, { method: "POST", body });
  }
}

/** Return who is signed in and what can be chosen (views/reading.py). */
export async function state() {
  const found = await ask(at.state);
  token = found.token;
  return found;
}

/** Return what waits for the worker. */
export const todo = () => ask(at.todo);

/** Switch this browser on. */
export const join = (uid, key) => send(at.phones, JSON.stringify({ uid, key }));

/** Return the key of this browser. */
export const phoneKey = (uid) => ask(`${at.phones}${uid}/`);

/** Have the key of this browser destroyed. */
export const forget = (uid) => send(`${at.phones}${uid}/forget/`);

/**
 * Send a capture.
 * @param {object} capture as schemas.CaptureIn takes it
 * @param {Blob[]} photos that belong to it from the beginning
 * @returns {Promise<{case_id: number, number: string}>}
 */
export function sendCase(capture, photos) {
  const body = new FormData();
  body.append("capture", JSON.stringify(capture));
  photos.forEach((photo, place) => body.append("photo", photo, `${place + 1}.jpg`));
  return send(at.cases, body);
}

/** Send one photo of a case that has arrived. about: its key, the phone, its purpose. */
export function sendPhoto(caseId, about, photo) {
  const body = new FormData();
  Object.entries(about).forEach(([name, value]) => body.append(name, value));
  body.append("photo", photo, "photo.jpg");
  return send(`${at.cases}${caseId}/photos/`, body);
}

/** End the sign-in. */
export async function signOut() {
  const body = new URLSearchParams();
  await state().catch((error) => { if (!(error instanceof SignedOut)) throw error; });
  try {
    await fetch(at.signOut, { method: "POST", body, headers: { "X-CSRFToken": token }, redirect: "manual" });
  } catch (error) {
    throw new Unreachable(String(error));
  }
}
