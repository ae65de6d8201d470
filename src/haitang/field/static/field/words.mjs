/** The words of the page: written by the server in the reader's language, as data attributes of one element. */

const told = document.getElementById("fd-words").dataset;

/**
 * Return a sentence with its blanks filled in.
 * @param {string} name as in templates/field/_words.html, in camel case
 * @param {Object<string, string|number>} [blanks]
 * @returns {string}
 */
export function say(name, blanks = {}) {
  const sentence = told[name] || name;
  return sentence.replace(/\{(\w+)\}/g, (whole, blank) => (blank in blanks ? String(blanks[blank]) : whole));
}

/**
 * Return how long ago an instant was, in words.
 * @param {number} then milliseconds since 1970
 * @returns {string}
 */
export function ago(then) {
  const minutes = Math.floor((Date.now() - then) / 60000);
  if (minutes < 1) return say("justNow");
  if (minutes < 60) return say("minutes", { n: minutes });
  if (minutes < 48 * 60) return say("hours", { n: Math.floor(minutes / 60) });
  return say("days", { n: Math.floor(minutes / 60 / 24) });
}

/**
 * Return an instant as day and time.
 * @param {number|string} instant
 * @returns {string}
 */
export function clock(instant) {
  return new Intl.DateTimeFormat(document.documentElement.lang, {
    month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "Asia/Shanghai",
  }).format(new Date(instant));
}
