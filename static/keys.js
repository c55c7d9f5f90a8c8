// Keys: one table, which the help sheet and the palette list.
import { $, $$, base, isOpened, list, memory, openId, rows, wide } from "./core.js";
import { allRows, more, rowOf } from "./list.js";
import { close, open } from "./pane.js";
import { isKept, pick, pickedIds, remove, toggle, toggleKept, undo, unpick } from "./acts.js";
import { closeMenus, dense, sideIsOpen, theme, toggleSide } from "./look.js";
import { follow } from "./follow.js";
import { TEXT } from "./texts.js";

/** The next row that is wanted, or none. */
export function step(row, by, wanted = () => true) {
  const side = by > 0 ? "nextElementSibling" : "previousElementSibling";
  for (let next = row?.[side]; next; next = next[side]) if (next.dataset.id && wanted(next)) return next;
}
const current = () => $(".row.open", rows) ?? document.activeElement?.closest?.(".row[data-id]");
export function go(by, wanted) {
  const at = current(), first = by > 0 ? allRows()[0] : undefined;
  const next = at ? step(at, by, wanted) : first && (!wanted || wanted(first) ? first : step(first, by, wanted));
  if (!next) { if (by > 0) more(); return; }
  if (wide.matches || isOpened()) open(next.dataset.id, { push: isOpened() ? "replace" : true });
  else { $("a", next).focus(); next.scrollIntoView({ block: "nearest" }); }
}
const isUnread = (row) => row?.classList.contains("unread") ?? $("#message").hasAttribute("data-unread");
const chosen = () => { const ids = pickedIds(); return ids.length ? ids : [current()?.dataset.id ?? openId()].filter(Boolean); };
const each = (does) => () => { const ids = chosen(); if (ids.length) does(ids); };
function handled(ids) { // read, and on to the next: nothing is lost by it
  if (pickedIds().length) { toggle(ids, true); unpick(); return; }
  toggle(ids, true);
  const next = step(rowOf(ids[0]), 1);
  if (next && (wide.matches || isOpened())) open(next.dataset.id, { push: isOpened() ? "replace" : true }); else close();
}
function stepBack() {
  if (closeMenus()) return;
  if (sideIsOpen()) toggleSide(false); else if (pickedIds().length) unpick(); else close();
}

/** Keys, words, what it does; `false`: only the help lists it, not the palette. */
const KEYS = [
  [["j", "↓"], TEXT.keys.next, () => go(1)],
  [["k", "↑"], TEXT.keys.previous, () => go(-1)],
  [["n"], TEXT.keys.nextUnread, () => go(1, isUnread)],
  [["p"], TEXT.keys.previousUnread, () => go(-1, isUnread)],
  [["o", "Enter"], TEXT.keys.open, () => current() && open(current().dataset.id, { focus: true })],
  [["1", "9"], TEXT.keys.tab, (key) => $$(".tabs > *")[key - 1]?.click(), false],
  [["x"], TEXT.keys.select, () => current() && pick(current())],
  [["e"], TEXT.keys.done, each(handled)],
  [["u"], TEXT.keys.unread, each((ids) => toggle(ids, isUnread(rowOf(ids[0]))))],
  [["s"], TEXT.keys.keep, each((ids) => toggleKept(ids, !isKept(ids[0])))],
  [["l"], TEXT.keys.tag, () => { const menu = pickedIds().length ? $("#bulk .tag-menu") : $("#message .tag-add"); if (menu) { menu.open = true; $("input[type=text]", menu).focus(); } }],
  [["t"], TEXT.keys.thread, each(([id]) => location.assign(`${base}?thread=${id}`))],
  [["#"], TEXT.keys.remove, each((ids) => { remove(ids); unpick(); })],
  [["z"], TEXT.keys.undo, () => undo()],
  [["f"], TEXT.keys.follow, () => follow()],
  [["/"], TEXT.keys.search, () => $(".search input").select()],
  [["g", "i"], TEXT.keys.inbox, () => location.assign(base)],
  [["g", "c"], TEXT.keys.connections, () => location.assign(`${base}sessions`)],
  [["g", "s"], TEXT.keys.setup, () => location.assign(`${base}setup`)],
  [["g", "a"], TEXT.keys.api, () => location.assign(`${base}api/`)],
  [["Esc"], TEXT.keys.back, stepBack, false],
  [["Ctrl", "K"], TEXT.keys.palette, () => palette(), false],
  [["?"], TEXT.keys.help, () => help()],
];
const ANYWHERE = ["/", "?", "g"];

// ---- The help
const helpSheet = $("#help");
const kbd = (key) => Object.assign(document.createElement("kbd"), { textContent: key });
function draw(keys, home) {
  keys.forEach((key, at) => home.append(...(at ? [key === "9" ? TEXT.to : keys[0] === "g" || keys[0] === "Ctrl" ? " " : TEXT.or] : []), kbd(key)));
  return home;
}
export function help() {
  const dl = $("dl", helpSheet);
  if (!dl.children.length) for (const [keys, words] of KEYS) {
    const line = document.createElement("div");
    line.append(Object.assign(document.createElement("dt"), { textContent: words }), draw(keys, document.createElement("dd")));
    dl.append(line);
  }
  helpSheet.showModal();
}
const single = $("#single-keys");
single.checked = memory.get("keys") !== "off";
single.addEventListener("change", () => memory.set("keys", single.checked ? null : "off"));

// ---- The palette
const sheet = $("#palette"), box = $("input", sheet), menu = $("ul", sheet);
function commands() {
  const keys = KEYS.filter(([, , , isListed]) => list && isListed !== false).map(([keys, words, does]) => ({ words, keys, does }));
  const looks = [[TEXT.keys.theme, () => theme()], [TEXT.keys.dense, () => dense()], [TEXT.keys.side, () => toggleSide()]].map(([words, does]) => ({ words, does }));
  const links = $$("#side a[href]").filter((link) => $(".cut", link)).map((link) => ({ words: TEXT.goTo($(".cut", link).textContent), does: () => link.click() }));
  return [...keys, ...looks, ...links];
}
let offered = [];
function filter() {
  const words = box.value.toLowerCase().split(/\s+/);
  offered = commands().filter((command) => words.every((word) => command.words.toLowerCase().includes(word))).slice(0, 12);
  menu.replaceChildren(...offered.map(({ words: text, keys }, at) => {
    const line = Object.assign(document.createElement("li"), { id: `command-${at}`, role: "option" });
    line.append(Object.assign(document.createElement("span"), { textContent: text, dir: "auto", className: "cut" }), keys ? draw(keys, document.createElement("span")) : "");
    line.onclick = () => run(at);
    return line;
  }));
  select(0);
}
let at = 0;
function select(to) {
  at = (to + offered.length) % Math.max(1, offered.length);
  [...menu.children].forEach((line, number) => line.setAttribute("aria-selected", number === at));
  if (offered.length) { box.setAttribute("aria-activedescendant", `command-${at}`); menu.children[at].scrollIntoView({ block: "nearest" }); }
}
function run(number) { const command = offered[number]; sheet.close(); command?.does(); }
export function palette() { if (sheet.open) return; box.value = ""; filter(); sheet.showModal(); }
box.addEventListener("input", filter);
box.addEventListener("keydown", (event) => {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (by) { event.preventDefault(); select(at + by); }
  if (event.key === "Enter") { event.preventDefault(); run(at); }
});
for (const dialog of [helpSheet, sheet]) dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());

// ---- Listening
let prefix, forget;
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k") { event.preventDefault(); palette(); return; }
  if (event.metaKey || event.ctrlKey || event.altKey || event.isComposing || helpSheet.open || sheet.open) return;
  const { target } = event, typed = { Escape: "Esc", ArrowDown: "↓", ArrowUp: "↑" }[event.key] ?? event.key;
  if (target.matches("input:not([type=checkbox], [type=radio]), textarea, select")) { if (typed === "Esc" && !closeMenus()) target.blur(); return; }
  if (typed === "Enter" && target.matches("a, button, summary, input")) return; // it does what it does
  if (["↓", "↑"].includes(typed) && (target.closest("#message .scroll, [role=separator], .side, input, summary") || event.shiftKey)) return; // it scrolls
  if (typed.length === 1 && !"↓↑".includes(typed) && !single.checked) return;
  if (!list && !ANYWHERE.includes(prefix ?? typed)) return;
  if (typed === "g" && !prefix) { prefix = "g"; forget = setTimeout(() => { prefix = undefined; }, 1500); return; }
  clearTimeout(forget);
  const number = /^[1-9]$/.test(typed) ? "1" : typed;
  const row = prefix ? KEYS.find(([keys]) => keys[0] === prefix && keys[1] === typed) : KEYS.find(([keys]) => !["g", "Ctrl"].includes(keys[0]) && keys.includes(number));
  prefix = undefined;
  if (!row) return;
  event.preventDefault();
  row[2](Number(typed));
});
