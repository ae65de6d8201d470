/** The form: photos, words, category, place; kept locked while it is being filled in, sealed when it is done. */
import * as drafts from "./drafts.mjs";
import { held } from "./phone.mjs";
import { fromBytes, lock, toBytes, unlock } from "./sealing.mjs";
import * as store from "./store.mjs";
import { say } from "./words.mjs";

const PHOTOS_MAX = 9;
const EDGE_MAX = 1920;
const QUALITY = 0.85;
const SETTLE_MS = 400;
const PLACE_TIMEOUT_MS = 20000;
const byId = (id) => document.getElementById(id);
const form = byId("fd-form");

let photos = [];
let point = null;
let mending = "";
let timer = 0;

/** Fill the lists to choose from, as the server last told them. */
export function offer(choices) {
  const options = (select, rows) => rows.forEach(([value, name]) => select.add(new Option(name, value)));
  const category = byId("fd-category"), area = byId("fd-area"), chosen = [category.value, area.value];
  category.length = area.length = 1;
  category.querySelectorAll("optgroup").forEach((group) => group.remove());
  choices.categories.forEach(({ name, choices: rows }) => {
    const group = document.createElement("optgroup");
    group.label = name;
    rows.forEach(([value, label]) => group.append(new Option(label, value)));
    category.append(group);
  });
  options(area, choices.areas);
  [category.value, area.value] = chosen;
  byId("fd-handled-field").hidden = !choices.may_handle;
  offerPhrases(choices.phrases || []); // lists kept from before there were any have none
}

/** Offer ready-made words for what was done; a touch adds them to what stands there. */
function offerPhrases(phrases) {
  const list = byId("fd-done-phrases");
  list.hidden = !phrases.length;
  list.replaceChildren(...phrases.map((phrase) => {
    const row = document.createElement("li");
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: phrase });
    button.addEventListener("click", () => {
      const said = form.done.value.trim();
      if (!said.includes(phrase)) form.done.value = said + phrase;
      form.done.focus();
      keepSoon();
    });
    row.append(button);
    return row;
  }));
}

/** Tell whether there is anything in the form. */
export const isBegun = () => Boolean(photos.length || form.description.value.trim());

/** Open a refused draft in the form, with the server's sentences where they belong. */
export async function mend(draft) {
  const opened = await drafts.read(draft);
  if (!opened) return false;
  mending = draft.key;
  await fill(opened.content, opened.photos);
  complain(draft.said, draft.fields);
  return true;
}

/**
 * Make the form work.
 * @param {{saved: () => void, tell: (words: string) => void, sure: (question: string) => Promise<boolean>}} page
 */
export async function start(page) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(page);
  });
  form.addEventListener("input", keepSoon);
  byId("fd-photos").addEventListener("change", async (event) => {
    const chosen = [...event.target.files];
    event.target.value = "";
    for (const file of chosen) await addPhoto(file, page);
    keepSoon();
  });
  byId("fd-handled").addEventListener("change", showHandled);
  byId("fd-here").addEventListener("click", () => locate(page));
  byId("fd-point-drop").addEventListener("click", () => { point = null; showPoint(); keepSoon(); });
  byId("fd-clear").addEventListener("click", async () => {
    if (!isBegun() || !(await page.sure(say("askClear")))) return;
    await clear();
    page.tell(say("cleared"));
  });
  addEventListener("pagehide", keep);
  if (await restore()) page.tell(say("restored"));
}

async function submit(page) {
  complain("", {});
  const content = contentOf();
  const missing = lacks(content);
  if (missing) {
    complain(Object.values(missing)[0], missing);
    return;
  }
  byId("fd-send").disabled = true;
  try {
    await drafts.save(content, photos.map((photo) => photo.blob), mending || undefined);
    await clear();
    page.saved();
  } catch (error) {
    complain(say("notSaved"), {});
    throw error;
  } finally {
    byId("fd-send").disabled = false;
  }
}

/** Return what stands in the form, as schemas.CaptureIn takes it but for the names of the draft. */
function contentOf() {
  const handled = form.handled.checked && !byId("fd-handled-field").hidden;
  return {
    description: form.description.value.trim() || (photos.length ? say("photoOnly") : ""),
    category_code: form.category_code.value,
    area_code: form.area_code.value,
    place: form.place.value.trim(),
    lon: point ? point.lon : null,
    lat: point ? point.lat : null,
    captured_at: new Date().toISOString(),
    handled,
    done: handled ? form.done.value.trim() : "",
  };
}

/** Return what is missing, a sentence by field, or null. The server asks for more; this much is known offline. */
function lacks(content) {
  if (!content.description) return { description: say("sayWhat") };
  if (content.lon === null && !content.area_code && !content.place) return { area_code: say("sayWhere") };
  if (content.handled && !photos.length) return { photos: say("afterPhoto") };
  if (content.handled && !content.done) return { done: say("sayDone") };
  return null;
}

/** Show a sentence above the form, and those of fields at their fields. */
function complain(words, fields) {
  const above = byId("fd-form-said");
  let shown = false;
  form.querySelectorAll("[data-error]").forEach((node) => {
    node.textContent = fields[node.dataset.error] || "";
    node.hidden = !node.textContent;
    shown ||= !node.hidden;
  });
  above.textContent = shown && Object.keys(fields).length === 1 ? "" : words || "";
  above.hidden = !above.textContent;
  const first = form.querySelector(".fd-said:not([hidden]), .fd-error:not([hidden])");
  if (first) first.scrollIntoView({ block: "center" });
}

/* ---- photos ---- */

/** Take a photo in: made smaller, and without what the camera wrote into it. */
async function addPhoto(file, page) {
  if (photos.length >= PHOTOS_MAX) {
    page.tell(say("tooMany", { n: PHOTOS_MAX }));
    return;
  }
  try {
    addBlob(await shrink(file));
  } catch (error) {
    page.tell(say("badPhoto"));
  }
}

async function shrink(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, EDGE_MAX / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/jpeg", QUALITY);
  });
}

function addBlob(blob) {
  const row = byId("fd-photo").content.cloneNode(true).firstElementChild;
  const photo = { blob, row, url: URL.createObjectURL(blob) };
  row.querySelector("img").src = photo.url;
  row.querySelector("button").addEventListener("click", () => {
    photos = photos.filter((other) => other !== photo);
    forgetPhoto(photo);
    keepSoon();
  });
  photos.push(photo);
  byId("fd-photos-rows").append(row);
}

function forgetPhoto(photo) {
  URL.revokeObjectURL(photo.url);
  photo.row.remove();
}

/* ---- the place ---- */

/** Ask the phone where it is: once, because the worker has pressed the button, and for this case alone. */
function locate(page) {
  byId("fd-point").textContent = say("locating");
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      const round = (degrees) => Math.round(degrees * 1e6) / 1e6;
      point = { lon: round(coords.longitude), lat: round(coords.latitude), metres: Math.round(coords.accuracy) };
      showPoint();
      keepSoon();
    },
    () => { showPoint(); page.tell(say("noPoint")); },
    { enableHighAccuracy: true, timeout: PLACE_TIMEOUT_MS, maximumAge: 0 },
  );
}

function showPoint() {
  byId("fd-point").textContent = point ? say("point", { n: point.metres }) : "";
  byId("fd-point-drop").hidden = !point;
}

function showHandled() {
  byId("fd-done-field").hidden = !form.handled.checked;
}

/* ---- what is not finished yet ---- */

function keepSoon() {
  clearTimeout(timer);
  timer = setTimeout(keep, SETTLE_MS);
}

/** Keep the form as it stands, for a browser that is closed in the middle: telephones do so for want of memory. */
async function keep() {
  clearTimeout(timer);
  const phone = await held();
  if (!phone) return;
  if (!isBegun()) {
    await store.remove("kept", "writing");
    return;
  }
  const blobs = await Promise.all(photos.map((photo) => photo.blob.arrayBuffer()));
  const written = { ...contentOf(), description: form.description.value, point, mending, done: form.done.value };
  await store.put("kept", await lock(phone.lock, [toBytes(written), ...blobs]), "writing");
}

async function restore() {
  const [phone, pieces] = [await held(), await store.get("kept", "writing")];
  if (!phone || !pieces) return false;
  const [written, ...blobs] = await unlock(phone.lock, pieces);
  const content = fromBytes(written);
  mending = content.mending;
  await fill(content, blobs.map((blob) => new Blob([blob], { type: "image/jpeg" })));
  return true;
}

async function fill(content, blobs) {
  photos.forEach(forgetPhoto);
  photos = [];
  ["description", "category_code", "area_code", "place", "done"].forEach((name) => {
    form.elements[name].value = content[name] || "";
  });
  form.handled.checked = content.handled;
  point = content.point || (content.lon === null ? null : { lon: content.lon, lat: content.lat, metres: 0 });
  blobs.forEach(addBlob);
  showPoint();
  showHandled();
}

async function clear() {
  mending = "";
  photos.forEach(forgetPhoto);
  photos = [];
  point = null;
  form.reset();
  complain("", {});
  showPoint();
  showHandled();
  clearTimeout(timer);
  await store.remove("kept", "writing");
}
