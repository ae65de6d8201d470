/** The two lists of the page: what is on its way, and what waits for the worker. */
import * as drafts from "./drafts.mjs";
import { held } from "./phone.mjs";
import { fromBytes, lock, toBytes, unlock } from "./sealing.mjs";
import * as server from "./server.mjs";
import * as store from "./store.mjs";
import { ago, clock, say } from "./words.mjs";

const TODO_HOURS = 72;
const HOUR_MS = 3600 * 1000;
const WORDS_SHOWN = 60;
const at = document.getElementById("fd").dataset;
const byId = (id) => document.getElementById(id);
const part = (row, name) => row.querySelector(`[data-part="${name}"]`);
const copy = (id) => byId(id).content.cloneNode(true).firstElementChild;

/** Show a sentence, or nothing. */
function put(node, words) {
  node.textContent = words;
  node.hidden = !words;
}

/**
 * Show the outbox.
 * @param {{mend: (draft: object) => void, sure: (question: string) => Promise<boolean>, isSending: boolean}} page
 */
export async function showOutbox(page) {
  const found = await drafts.list();
  const count = (state) => found.filter((draft) => draft.state === state).length;
  const unsent = count("waiting") + count("refused");
  put(byId("fd-count"), unsent ? String(unsent) : "");
  byId("fd-outbox-sum").textContent = found.length
    ? say("sum", { waiting: count("waiting"), refused: count("refused"), sent: count("sent") })
    : say("nothing");
  byId("fd-outbox-now").hidden = !count("waiting");
  const rows = await Promise.all(found.reverse().map((draft) => outboxRow(draft, page)));
  byId("fd-outbox-rows").replaceChildren(...rows);
}

async function outboxRow(draft, page) {
  const row = copy("fd-row-draft");
  const isSending = page.isSending && draft.state === "waiting";
  put(part(row, "state"), isSending ? say("sending") : say(draft.state));
  row.dataset.state = draft.state;
  put(part(row, "at"), clock(draft.sentAt || draft.madeAt));
  put(part(row, "text"), await words(draft));
  put(part(row, "said"), draft.said || (draft.maybe && draft.state === "waiting" && !isSending ? say("maybe") : ""));
  part(row, "open").hidden = !draft.caseId;
  part(row, "open").href = at.case.replace("0", draft.caseId);
  part(row, "mend").hidden = draft.state !== "refused";
  part(row, "mend").addEventListener("click", () => page.mend(draft));
  part(row, "drop").hidden = draft.state === "sent" || isSending;
  part(row, "drop").addEventListener("click", async () => {
    if (await page.sure(say(draft.maybe ? "askDropMaybe" : "askDrop"))) await drafts.drop(draft.key);
  });
  return row;
}

/** Return what a line of the outbox says. */
async function words(draft) {
  if (draft.state === "sent") return say("number", { number: draft.number });
  if (draft.caseId) {
    return say("photosLeft", { number: draft.number, n: draft.photos.length - draft.photosSent.length });
  }
  const opened = await drafts.read(draft);
  if (!opened) return say("locked", { photos: draft.photos.length });
  const text = opened.content.description.slice(0, WORDS_SHOWN) || say("untitled");
  return draft.photos.length ? `${text}（${say("photos", { n: draft.photos.length })}）` : text;
}

/** Read what waits for the worker, and keep it locked for a while. */
export async function readTodo() {
  const phone = await held();
  const found = await server.todo();
  if (phone) await store.put("kept", { at: Date.now(), pieces: await lock(phone.lock, [toBytes(found.rows)]) }, "todo");
  await showTodo();
}

/** Remove the list: whoever is not signed in any more has no business with it. */
export async function forgetTodo() {
  await store.remove("kept", "todo");
  await showTodo();
}

/** Show what waits, as it was last read; older than TODO_HOURS it is removed. */
export async function showTodo() {
  const [phone, kept] = [await held(), await store.get("kept", "todo")];
  const age = byId("fd-todo-age"), list = byId("fd-todo-rows");
  if (!phone || !kept) {
    age.textContent = say("todoNever");
    list.replaceChildren();
    return;
  }
  if (Date.now() - kept.at > TODO_HOURS * HOUR_MS) {
    await store.put("kept", { at: kept.at, pieces: null }, "todo");
    kept.pieces = null;
  }
  if (!kept.pieces) {
    age.textContent = say("todoOld", { hours: TODO_HOURS });
    list.replaceChildren();
    return;
  }
  const rows = fromBytes((await unlock(phone.lock, kept.pieces))[0]);
  age.textContent = say("todoAge", { age: ago(kept.at) }) + (rows.length ? "" : ` · ${say("todoNone")}`);
  list.replaceChildren(...rows.map(todoRow));
}

function todoRow(item) {
  const row = copy("fd-row-todo");
  const isLate = item.due_at && new Date(item.due_at) < new Date();
  put(part(row, "status"), item.status);
  put(part(row, "due"), item.due_at ? (isLate ? say("overdue") : say("due", { at: clock(item.due_at) })) : "");
  part(row, "due").classList.toggle("fd-late", Boolean(isLate));
  part(row, "link").textContent = item.words || item.number;
  part(row, "link").href = item.url;
  put(part(row, "where"), [item.category, item.area, item.place].filter(Boolean).join(" · "));
  return row;
}
