// What every other script stands on: where this page is, what it remembers, and how it asks the server.
import { TEXT } from "./texts.js";
export const root = document.documentElement;
export const $ = (selector, within = document) => within.querySelector(selector);
export const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
export const { base, query, place } = document.body.dataset;
export const wide = matchMedia("(min-width: 56.25em)");
const asked = new URLSearchParams(location.search);
/** What the address says beside mailbox and search. `tab` follows the message that is open. */
export const where = { tab: asked.get("tab"), sessions: asked.get("sessions"), thread: asked.get("thread"), belowTop: asked.has("before") };
export const list = $("#list"), rows = $("#rows"), scroller = $("#scroller");

/** Private windows may have no memory; then nothing is remembered. */
export const memory = {
  get(key) { try { return localStorage.getItem(key); } catch { return null; } },
  set(key, value) { try { value === null ? localStorage.removeItem(key) : localStorage.setItem(key, value); } catch { /* see above */ } },
};

/** `?…` of the list at hand, and what is given. */
export function tail(more = {}) {
  const words = new URLSearchParams();
  for (const [key, value] of Object.entries({ q: query, sessions: where.sessions, thread: where.thread, ...more })) if (value) words.set(key, value);
  return words.size ? `?${words}` : "";
}
export const address = (id) => `${base}message/${id}${tail({ tab: where.tab })}`;
export const openId = () => $("#message")?.dataset.id;
export const isOpened = () => document.body.classList.contains("opened");

/** A piece of a page, as a document. */
export async function part(url, what, signal) {
  const response = await fetch(url, { headers: { "X-Fragment": what }, signal });
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

/** Does something at the server and answers what it says of it; none if it did not come to that. */
export async function act(what, fields) {
  const form = new URLSearchParams();
  for (const [key, value] of fields instanceof FormData ? fields : Object.entries(fields)) for (const one of [value].flat()) form.append(key, one);
  try {
    const response = await fetch(base + what, { method: "POST", body: form, headers: { "X-Fragment": "act" }, redirect: "manual" });
    if (response.type === "opaqueredirect") return {}; // done, and nothing to say
    const said = await response.json().catch(() => ({}));
    if (response.ok) return said;
    say(said.detail ?? TEXT.refused(response.status), { alarm: true });
  } catch { say(TEXT.unreached, { alarm: true }); }
}

/** A strip above the status bar, for some seconds; `button` is what can be done about it. */
const strip = $("#toast");
let stripped;
export function say(words, { alarm = false, button, seconds = 10 } = {}) {
  if (!strip) return;
  clearTimeout(stripped);
  strip.classList.toggle("alarm", alarm);
  strip.replaceChildren(Object.assign(document.createElement("span"), { textContent: words }));
  if (button) strip.append(button);
  strip.hidden = false;
  stripped = setTimeout(hush, seconds * 1000);
}
export function hush() { if (strip) strip.hidden = true; }
