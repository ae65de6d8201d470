/**
 * What the phone keeps, in IndexedDB. Two stores:
 *   drafts  by key: captures on their way, sealed (see drafts.mjs)
 *   kept    by name: "phone" (phone.mjs), "choices", "todo", "writing" (the form as it is being filled in)
 */

const NAME = "haitang-field";
const VERSION = 1;
let opening = null;

/** @returns {Promise<IDBDatabase>} */
function database() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("drafts", { keyPath: "key" });
      request.result.createObjectStore("kept");
    };
    request.onsuccess = () => {
      // Another tab, or a sign-out elsewhere, wants to delete the database: do not stand in its way.
      request.result.onversionchange = () => { request.result.close(); opening = null; };
      request.result.onclose = () => { opening = null; };
      resolve(request.result);
    };
    request.onerror = () => { opening = null; reject(request.error); };
  });
  return opening;
}

/**
 * Run work in one transaction and return what it asked for, once it is on the disk.
 * @param {string} store
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore, done: (value: any) => void) => void} work
 */
async function within(store, mode, work) {
  const transaction = (await database()).transaction(store, mode, { durability: "strict" });
  return new Promise((resolve, reject) => {
    let result;
    transaction.oncomplete = () => resolve(result);
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
    work(transaction.objectStore(store), (value) => { result = value; });
  });
}

/** Return the value of that key, undefined for none. */
export function get(store, key) {
  return within(store, "readonly", (rows, done) => {
    const request = rows.get(key);
    request.onsuccess = () => done(request.result);
  });
}

/** Return all values of a store. */
export function all(store) {
  return within(store, "readonly", (rows, done) => {
    const request = rows.getAll();
    request.onsuccess = () => done(request.result);
  });
}

/** Write a value; `key` for the store "kept" alone. */
export function put(store, value, key) {
  return within(store, "readwrite", (rows) => { rows.put(value, key); });
}

/** Remove the value of that key. */
export function remove(store, key) {
  return within(store, "readwrite", (rows) => { rows.delete(key); });
}

/**
 * Change a draft as it stands now, in one transaction; a draft that is gone stays gone.
 * @param {string} key
 * @param {(draft: object) => void} alter
 * @returns {Promise<object|undefined>} the draft as it was written
 */
export function alter(key, alter) {
  return within("drafts", "readwrite", (rows, done) => {
    const request = rows.get(key);
    request.onsuccess = () => {
      if (!request.result) return;
      alter(request.result);
      rows.put(request.result);
      done(request.result);
    };
  });
}

/** Remove everything. */
export async function empty() {
  await within("drafts", "readwrite", (rows) => { rows.clear(); });
  await within("kept", "readwrite", (rows) => { rows.clear(); });
}
