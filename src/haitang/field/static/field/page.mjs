/** The page: which part is shown, what is told, when is sent. */
import * as capture from "./capture.mjs";
import * as drafts from "./drafts.mjs";
import * as lists from "./lists.mjs";
import * as outbox from "./outbox.mjs";
import * as phone from "./phone.mjs";
import { canSeal } from "./sealing.mjs";
import * as server from "./server.mjs";
import * as store from "./store.mjs";
import { say } from "./words.mjs";

const at = document.getElementById("fd").dataset;
const byId = (id) => document.getElementById(id);
const TABS = ["capture", "todo", "outbox"];
const SIZES = ["normal", "large", "huge"];
const SIZE = "haitang.field.size";
const PAUSES_MS = [5000, 15000, 30000, 60000, 300000];
const TOLD_MS = 6000;
const SYNC = "haitang-field-send"; // worker.js
let failures = 0;
let timer = 0;
let isSending = false;
let told = 0;

/* ---- telling ---- */

/**
 * Show a notice that stays until another takes its place.
 * @param {string} words "" takes it away
 * @param {{text: string, href?: string, run?: () => void}} [deed]
 */
function notice(words, deed) {
  const box = byId("fd-notice");
  clearTimeout(told);
  box.replaceChildren();
  if (!words) return;
  const line = document.createElement("div");
  line.className = "fd-notice";
  line.append(Object.assign(document.createElement("p"), { textContent: words }));
  if (deed) {
    const button = document.createElement(deed.href ? "a" : "button");
    button.className = "fd-button";
    button.textContent = deed.text;
    if (deed.href) button.href = deed.href;
    else button.addEventListener("click", deed.run);
    line.append(button);
  }
  box.append(line);
}

/** Tell something in passing, unless something is being told that stays. */
function tell(words) {
  if (byId("fd-notice").querySelector(".fd-button")) return;
  notice(words);
  told = setTimeout(() => notice(""), TOLD_MS);
}

/** Ask before something that cannot be taken back. */
function sure(question) {
  const dialog = byId("fd-ask");
  byId("fd-ask-text").textContent = question;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

/* ---- parts ---- */

function showTab() {
  const wanted = TABS.includes(location.hash.slice(1)) ? location.hash.slice(1) : "capture";
  const isOn = byId("fd-join").hidden;
  TABS.forEach((tab) => { byId(`fd-${tab}`).hidden = !isOn || tab !== wanted; });
  document.querySelectorAll(".fd-tabs a").forEach((link) => {
    if (link.hash === `#${wanted}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  });
  if (isOn && wanted === "todo") {
    lists.showTodo();
    lists.readTodo().catch(unlessExpected);
  }
}

function unlessExpected(error) {
  if (!(error instanceof server.Unreachable || error instanceof server.SignedOut || error instanceof server.Refused)) {
    throw error;
  }
}

const showOutbox = () => lists.showOutbox({ isSending, mend, sure });

async function mend(draft) {
  if (await capture.mend(draft)) location.hash = "#capture";
}

function showNet(isOnline) {
  byId("fd-net").textContent = say(isOnline ? "online" : "offline");
  byId("fd-net").classList.toggle("fd-off", !isOnline);
}

/* ---- sending ---- */

/** Send what waits, and tell what keeps it from going. */
async function send() {
  clearTimeout(timer);
  if (isSending) return;
  isSending = true;
  let outcome;
  try {
    await showOutbox();
    outcome = await outbox.flush();
  } finally {
    isSending = false;
    await showOutbox();
  }
  await settle(outcome);
  const isWaiting = await waits();
  if (isWaiting) sendLater();
  failures = outcome.stopped === "offline" ? failures + 1 : 0;
  if (isWaiting && ["offline", "busy", ""].includes(outcome.stopped)) {
    timer = setTimeout(send, PAUSES_MS[Math.min(failures, PAUSES_MS.length - 1)]);
  }
}

const waits = async () => (await drafts.list()).some((draft) => draft.state === "waiting");

/** Have the browser send in the background, page or no page, where it can (Background Sync); else this page will. */
async function sendLater() {
  try {
    const kept = await navigator.serviceWorker?.getRegistration(at.page);
    await kept?.sync?.register(SYNC);
  } catch (error) { /* not allowed here: sent when the page is back online, or looked at */ }
}

/** Tell how far sending went (outbox.mjs). */
async function settle({ stopped, who, lost }) {
  const mine = await phone.held();
  if (stopped === "off" || stopped === "busy") return;
  showNet(stopped !== "offline");
  byId("fd-who").textContent = mine && !stopped ? say("who", { name: mine.name }) : "";
  if (stopped === "signedOut") {
    await lists.forgetTodo();
    notice(say("signedOut", { name: mine.name }), { text: say("signIn"), href: at.signIn });
  } else if (stopped === "otherAccount") {
    notice(say("otherAccount", { owner: mine.name, name: who.name }), { text: say("startOver"), run: () => startOver(mine) });
  } else if (stopped === "unreadable") {
    await phone.wipe();
    await offerToJoin();
    if (lost) notice(say("unreadable", { n: lost }));
  } else if (!stopped) {
    capture.offer(who);
    if (byId("fd-notice").querySelector(".fd-button")) notice("");
  }
}

async function startOver(mine) {
  const unsent = (await drafts.list()).filter((draft) => draft.state !== "sent").length;
  if (unsent && !(await sure(say("askStartOver", { owner: mine.name, n: unsent })))) return;
  await phone.wipe();
  notice("");
  await offerToJoin();
}

/* ---- switching on and off ---- */

/** Offer to switch this browser on, if the worker is signed in and may report. */
async function offerToJoin() {
  byId("fd-join").hidden = false;
  showTab();
  byId("fd-join-yes").disabled = true;
  try {
    const who = await server.state();
    showNet(true);
    if (!who.may_report) notice(say("mayNot"));
    byId("fd-join-yes").disabled = !who.may_report;
  } catch (error) {
    unlessExpected(error);
    showNet(!(error instanceof server.Unreachable));
    notice(say("firstSignIn"), { text: say("signIn"), href: at.signIn });
  }
}

async function join() {
  byId("fd-join-yes").disabled = true;
  try {
    await phone.join(await server.state());
    byId("fd-join").hidden = true;
    notice("");
    showTab();
    await send();
  } catch (error) {
    notice(error instanceof server.Refused ? error.message : say("failed"));
    byId("fd-join-yes").disabled = false;
    unlessExpected(error);
  }
}

async function leave() {
  const unsent = (await drafts.list()).filter((draft) => draft.state !== "sent").length;
  if (unsent && !(await sure(say("askLeave", { n: unsent })))) return;
  try {
    await phone.leave();
    location.assign("/");
  } catch (error) {
    notice(say("failed"));
    unlessExpected(error);
  }
}

/* ---- the browser ---- */

function resize() {
  const now = localStorage.getItem(SIZE) || SIZES[0];
  SIZES.forEach((size) => document.documentElement.classList.toggle(`fd-${size}`, size === now));
}

/** Keep the page itself for offline; a new version is shown at once unless somebody is writing. */
async function keepPage() {
  if (!navigator.serviceWorker) return;
  const hadOne = Boolean(navigator.serviceWorker.controller);
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (hadOne && !capture.isBegun() && !isSending) location.reload();
  });
  const how = { scope: at.page, updateViaCache: "none" };
  await navigator.serviceWorker.register(at.worker, { ...how, type: "module" })
    .catch(() => navigator.serviceWorker.register(`${at.worker}?plain`, how)) // no modules there: the page alone sends
    .catch(() => null);
}

async function start() {
  server.doors(at);
  resize();
  byId("fd-size").addEventListener("click", () => {
    const next = SIZES[(SIZES.indexOf(localStorage.getItem(SIZE) || SIZES[0]) + 1) % SIZES.length];
    localStorage.setItem(SIZE, next);
    resize();
    tell(say(`size${next[0].toUpperCase()}${next.slice(1)}`));
  });
  if (!canSeal) {
    notice(say("oldBrowser"), { text: say("plainPage"), href: at.plain });
    return;
  }
  showNet(navigator.onLine);
  keepPage();
  byId("fd-join-yes").addEventListener("click", join);
  byId("fd-leave").addEventListener("click", leave);
  byId("fd-outbox-now").addEventListener("click", send);
  byId("fd-todo-again").addEventListener("click", () => lists.readTodo().catch(unlessExpected));
  addEventListener("hashchange", showTab);
  addEventListener("online", () => { failures = 0; send(); });
  addEventListener("offline", () => showNet(false));
  document.addEventListener("visibilitychange", async () => {
    if (!document.hidden) send();
    else if (await waits()) sendLater();
  });
  drafts.onChange(showOutbox);
  await capture.start({
    tell,
    sure,
    async saved() {
      tell(say("saved"));
      await send();
      if (failures) tell(say("savedOffline"));
    },
  });
  if (!(await phone.held())) {
    await offerToJoin();
    return;
  }
  const choices = await store.get("kept", "choices");
  if (choices) capture.offer(choices);
  showTab();
  await send();
}

start();
