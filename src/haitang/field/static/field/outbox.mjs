/** Sending: one tab at a time, the oldest first, each under its own key until an answer has come. */
import * as drafts from "./drafts.mjs";
import * as phone from "./phone.mjs";
import * as server from "./server.mjs";
import * as store from "./store.mjs";

const LOCK = "haitang-field-sending";

/**
 * @typedef {object} Outcome how far it went
 * @property {""|"busy"|"off"|"offline"|"signedOut"|"otherAccount"|"unreadable"} stopped
 * @property {object} [who] who is signed in (server.state)
 * @property {number} [lost] drafts that nobody can read any more
 */

/**
 * Send what waits. Another tab that is at it already goes on alone.
 * @returns {Promise<Outcome>}
 */
export function flush() {
  if (!navigator.locks) return work(); // the server takes a capture once anyway
  return navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => (lock ? work() : { stopped: "busy" }));
}

/**
 * Send what waits without a page (worker.js): after whatever page is at it, and with the key in memory no longer than
 * that.
 * @returns {Promise<Outcome>}
 */
export function flushInBackground() {
  return navigator.locks.request(LOCK, async () => {
    try {
      return await work({ renews: false });
    } finally {
      phone.close();
    }
  });
}

/** @returns {Promise<Outcome>} */
async function work({ renews = true } = {}) {
  const mine = await phone.held();
  if (!mine) return { stopped: "off" };
  let who;
  try {
    who = await server.state();
    await store.put("kept", { ...who, token: "" }, "choices");
    if (who.account !== mine.account) return { stopped: "otherAccount", who };
    if (!(await phone.open(mine))) return await forgotten(mine);
    await sendAll();
    if (renews) await phone.renew(mine, who);
    return { stopped: "", who };
  } catch (error) {
    if (error instanceof server.SignedOut) return { stopped: "signedOut", who };
    if (error instanceof server.Unreachable) return { stopped: "offline", who };
    if (!(error instanceof server.Refused)) throw error;
    phone.close(); // revoked, or signed out or in meanwhile: ask anew, for the key as well
    return { stopped: "busy", who };
  }
}

/** Tell why the server knows nothing of this phone: somebody else may have signed in between two questions. */
async function forgotten(mine) {
  const who = await server.state();
  if (who.account !== mine.account) return { stopped: "otherAccount", who };
  const lost = (await drafts.list()).filter((draft) => draft.state !== "sent").length;
  return { stopped: "unreadable", who, lost };
}

/** Send until nothing waits: drafts may be added meanwhile. */
async function sendAll() {
  const tried = new Set();
  for (;;) {
    const next = (await drafts.list()).find((draft) => draft.state === "waiting" && !tried.has(draft.key));
    if (!next) return;
    tried.add(next.key);
    await sendOne(next);
  }
}

/**
 * Send a draft and its photos; what has arrived is noted after each answer, so that a later run goes on from there.
 * @param {object} draft see drafts.mjs
 */
async function sendOne(draft) {
  const opened = await drafts.read(draft);
  if (!opened) return;
  const { content, photos } = opened;
  let caseId = draft.caseId;
  if (!caseId) {
    const together = content.handled ? photos : [];
    try {
      await drafts.alter(draft.key, (row) => { row.maybe = true; });
      const sent = await server.sendCase({ ...content, key: draft.key, phone: draft.phone }, together);
      caseId = sent.case_id;
      await drafts.alter(draft.key, (row) => {
        Object.assign(row, { caseId, number: sent.number, maybe: false, said: "", fields: {} });
        if (content.handled) row.photosSent = [...row.photos];
      });
    } catch (error) {
      if (!(error instanceof server.Refused) || error.code === "PhoneUnknown") throw error;
      await refuse(draft.key, error);
      return;
    }
  }
  const there = new Set(content.handled ? draft.photos : draft.photosSent);
  const declined = [];
  for (const [place, key] of draft.photos.entries()) {
    if (there.has(key)) continue;
    try {
      await server.sendPhoto(caseId, { key, phone: draft.phone, purpose: "place" }, photos[place]);
    } catch (error) {
      if (!(error instanceof server.Refused) || error.code === "PhoneUnknown") throw error;
      declined.push(error.message);
    }
    await drafts.alter(draft.key, (row) => { row.photosSent = [...row.photosSent, key]; });
  }
  await drafts.alter(draft.key, (row) => {
    Object.assign(row, { state: "sent", sealed: null, sentAt: Date.now(), maybe: false, said: declined.join(" ") });
  });
}

/** Keep a refused draft with the server's sentence beside it; a refusal wrote nothing, so its key is still good. */
async function refuse(key, refusal) {
  await drafts.alter(key, (row) => {
    Object.assign(row, { state: "refused", maybe: false, said: refusal.message, fields: refusal.fields });
  });
}
