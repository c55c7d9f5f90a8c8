// The list: rows come, go and change as the stream tells, and what is read never moves.
import { $, $$, address, base, isOpened, list, openId, part, place, query, rows, scroller, tail, where, wide } from "./core.js";
import { bytes, hue, times } from "./words.js";
import { picked } from "./acts.js";
import { afterArrival } from "./follow.js";
import { sideSoon } from "./side.js";
import { TEXT } from "./texts.js";

const ROWS_MAX = 500;
/** More rows than this at once are fetched as a list. */
export const BURST = 50;
const pill = $("#pill"), told = $("#told");
const held = document.createElement("ol"); // rows that wait above, so that what is read does not move
/** A list that is not the newest mail of its search does not grow. */
const isFixed = Boolean(where.belowTop || where.thread);
export const rowOf = (id) => $(`[data-id="${CSS.escape(id)}"]`, rows) ?? $(`[data-id="${CSS.escape(id)}"]`, held);
export const allRows = () => $$(".row[data-id]", rows);

// ---- Counts
function stat(name, value) {
  for (const element of $$(`[data-stat="${name}"]`)) element.textContent = value;
}
let unread = Number(document.body.dataset.unread) || 0;
const icon = $("link[rel=icon]"), iconHref = icon?.href;
const BADGED = "data:image/svg+xml," + encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect x="2" y="4" width="26" height="25" rx="3" fill="#c8402a"/><path fill="none" stroke="#fff" stroke-width="2.4" stroke-linejoin="round" d="M7 11h16v12H7zl8 7 8-7"/><circle cx="25" cy="8" r="7" fill="#22509e" stroke="#fff" stroke-width="2"/></svg>');
export function title() {
  document.title = (unread ? `(${unread}) ` : "") + ($("#message")?.dataset.title ?? `${place} · Restante`);
  if (icon) icon.href = unread ? BADGED : iconHref;
}
export function stats(now) {
  unread = now.unread;
  stat("total", now.total); stat("unread", now.unread); stat("evicted", now.evicted); stat("kept", now.kept); stat("broken", now.broken);
  stat("memory", TEXT.memory(bytes(now.bytes), bytes(now.budget)));
  for (const element of $$("[data-plural]")) element.textContent = TEXT.plural(now.total);
  $("#evicted").hidden = !now.evicted;
  $("#kept").hidden = !now.kept;
  $("#kept").title = TEXT.keptTitle(bytes(now.keptBytes ?? 0));
  for (const element of $$("[data-broken]")) element.hidden = !now.broken;
  title();
  sideSoon();
}
function found(count) {
  const element = $('h1 [data-stat="found"]');
  if (element) stat("found", Math.max(0, Number(element.textContent) + count));
}
let toTell = 0, tellSoon;
function tell(count) {
  toTell += count;
  clearTimeout(tellSoon);
  tellSoon = setTimeout(() => { told.textContent = TEXT.newMessages(toTell); toTell = 0; }, 800);
}

// ---- Rows come
export const isScrolled = () => isFixed || (wide.matches ? scroller.scrollTop > 4 : isOpened() || scrollY > 60);
export function fromHtml(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return $$("li.row", template.content);
}
function dress(row) {
  const id = row.dataset.id;
  if (id) {
    const link = $("a", row);
    link.href = address(id);
    row.classList.toggle("open", id === openId());
    if (id === openId()) link.ariaCurrent = "page";
  }
  times(row);
  return row;
}
const cursor = (row) => Number(row?.dataset.cursor ?? 0);
const newest = () => Math.max(cursor($("[data-cursor]", held)), cursor($("[data-cursor]", rows)));
export function insert(htmls) {
  const fresh = [], home = isScrolled() ? held : rows;
  for (const html of htmls) for (const row of fromHtml(html)) {
    went.delete(row.dataset.id);
    const old = rowOf(row.dataset.id);
    if (old) { redrawn(row); continue; }
    if (cursor(row) < newest()) { putBack(row); found(1); continue; }
    row.classList.add("fresh");
    home.prepend(dress(row));
    fresh.push(row);
  }
  while (held.children.length > ROWS_MAX) held.lastChild.remove();
  if (home === rows) trim();
  if (fresh.length) { tell(fresh.length); found(fresh.length); afterArrival(fresh); }
  drawPill();
}
/** A message that was deleted and is back takes its old place. */
function putBack(row) {
  for (const home of [held, rows]) for (const next of home.children) if (cursor(next) && cursor(next) < cursor(row)) { next.before(dress(row)); return; }
  if (!$("#older")) rows.append(dress(row)); // else it stands further down
}
const sessionOf = (number) => $(`[data-session="${CSS.escape(number)}"]`, rows) ?? $(`[data-session="${CSS.escape(number)}"]`, held);
export function insertSession(html) {
  const home = isScrolled() ? held : rows;
  for (const row of fromHtml(html)) if (!sessionOf(row.dataset.session)) home.prepend(dress(row));
  drawPill();
}
function trim() {
  if (rows.children.length <= ROWS_MAX) return;
  while (rows.children.length > ROWS_MAX) rows.lastElementChild.remove();
  older(cursor($$("[data-cursor]", rows).pop()));
}
function older(before) {
  let link = $("#older");
  if (!link) { link = Object.assign(document.createElement("a"), { id: "older", className: "older", textContent: TEXT.older }); rows.after(link); watch(link); }
  link.href = `${base}${tail({ before })}`;
}
export function drawPill() {
  const count = held.children.length;
  pill.hidden = !count || isOpened() && !wide.matches;
  pill.textContent = TEXT.pill(Math.min(count, ROWS_MAX), count >= ROWS_MAX);
}
export function flush(scroll) {
  if (isFixed && scroll) { location.href = base + tail({ thread: null }); return; }
  if (isFixed || !held.children.length) return;
  rows.prepend(...held.children);
  trim(); drawPill();
  if (scroll) (wide.matches ? scroller : window).scrollTo({ top: 0 });
}

// ---- Rows go and change
const went = new Set(); // these are gone, whatever a list says that was asked for before
export function gone(ids) {
  let count = 0;
  if (went.size > 20000) went.clear();
  for (const id of ids) {
    went.add(id);
    const row = rowOf(id);
    if (row) { leave(row); row.remove(); count++; }
    if (id === openId() && !$("#message .was")) {
      const note = Object.assign(document.createElement("p"), { className: "search-error was", textContent: TEXT.goneNote });
      $("#message .bar")?.after(note);
    }
  }
  found(-count); drawPill(); picked();
}
// A row that goes hands its focus on.
function leave(row) {
  if (row.contains(document.activeElement)) $("a", row.nextElementSibling ?? row.previousElementSibling ?? list)?.focus({ preventScroll: true });
}
export function mark(ids, read) {
  for (const id of ids) {
    rowOf(id)?.classList.toggle("unread", !read);
    if (id !== openId()) continue;
    const pane = $("#message"), form = $("[data-act=toggle]", pane);
    pane.toggleAttribute("data-unread", !read);
    if (!form) continue;
    form.elements.read.value = read ? "0" : "1";
    $("button span", form).textContent = read ? TEXT.markUnread : TEXT.markRead;
  }
}
// As row.html draws it.
const KEPT = `<span class="mark kept" title="${TEXT.keptMark}"><svg class="i" aria-hidden="true"><use href="#i-pin"/></svg><i class="sr">${TEXT.keptWord}</i></span>`;
export function keep(ids, kept) {
  for (const id of ids) {
    const row = rowOf(id);
    if (row && row.classList.toggle("kept", kept) !== Boolean($(".mark.kept", row))) {
      if (kept) $(".row-tags", row).insertAdjacentHTML("afterend", KEPT); else $(".mark.kept", row).remove();
    }
    const form = id === openId() && $("#message [data-act=keep]");
    if (!form) continue;
    form.elements.keep.value = kept ? "0" : "1";
    $("button", form).setAttribute("aria-pressed", kept);
    $("button span", form).textContent = kept ? TEXT.kept : TEXT.keep;
  }
}
// As row.html and message.html draw them.
export function tag(tags) {
  const chip = (words, className) => Object.assign(document.createElement("span"), { className, dir: "auto", textContent: words });
  for (const [id, names] of Object.entries(tags)) {
    const row = rowOf(id), more = names.length - 4;
    if (row) $(".row-tags", row).replaceChildren(...names.slice(0, 4).map((name) => chip(name, `tag cut hue-${hue(name)}`)), ...(more > 0 ? [chip(`+${more}`, "tag")] : []));
    if (id !== openId()) continue;
    const home = $("#message .tags");
    if (!home) continue;
    const chips = names.map((name) => {
      const one = chip("", `tag hue-${hue(name)}`), drop = Object.assign(document.createElement("button"), { type: "button", textContent: "×", ariaLabel: TEXT.untag(name) });
      drop.dataset.untag = name;
      one.append(Object.assign(document.createElement("span"), { className: "cut", textContent: name }), drop);
      return one;
    });
    home.replaceChildren(...chips);
  }
}

// ---- The list anew
let fetching, again = false, version = 0;
const meanwhile = []; // what the stream told while the list was being fetched: the answer may not know of it
export const isFetching = () => Boolean(fetching);
export function remember(name, data) { if (fetching && TOLD.includes(name)) meanwhile.push([name, data]); }
const TOLD = ["row", "session", "mark", "keep", "tag"];
export function reload() {
  if (where.belowTop) return;
  if (fetching) { again = true; return; } // what is under way may be older than what is asked for now
  meanwhile.length = 0;
  const keepsPlace = isScrolled() && !where.thread, top = keepsPlace ? cursor($("[data-cursor]", rows)) : Infinity;
  fetching = part(base + tail({ rows: keepsPlace ? Math.min(ROWS_MAX, rows.children.length + held.children.length + 50) : null }), "rows").then((page) => {
    version++;
    const fresh = $("#rows", page);
    if (!fresh) return;
    const focused = document.activeElement?.closest?.("#rows .row")?.dataset.id;
    const sessions = new Set($$("[data-session]", rows).map((row) => row.dataset.session));
    let isBelow = !keepsPlace; // of the first row that stands there
    const [above, here] = [[], []];
    for (const row of [...fresh.children]) {
      if (went.has(row.dataset.id)) continue;
      isBelow ||= row.dataset.id ? cursor(row) <= top : sessions.has(row.dataset.session);
      (isBelow ? here : above).push(redrawn(row));
    }
    held.replaceChildren(...above);
    fill(here);
    if (focused && rowOf(focused)) $("a", rowOf(focused)).focus({ preventScroll: true });
    const link = $("#older", page);
    $("#older")?.remove();
    if (link) { rows.after(link); watch(link); }
    const head = $("#found", page);
    if (head) stat("found", head.value);
    // A few rows that came meanwhile are put in; of many, the list knows some already, and the next one all.
    const missed = meanwhile.splice(0), isBurst = missed.filter(([name]) => name === "row").length > BURST;
    for (const [name, data] of missed) if (name !== "row" || !isBurst) replay(name, data);
    again ||= isBurst;
    drawPill(); picked();
  }).catch(() => {}).finally(() => { setTimeout(() => { fetching = undefined; if (again) { again = false; reload(); } }, again ? 250 : 0); });
}
/** As it is now, in the element that it has if it is there: the height of a new one is only guessed until it is seen. */
function redrawn(row) {
  const old = row.dataset.id ? rowOf(row.dataset.id) : sessionOf(row.dataset.session);
  if (!old) return dress(row);
  const isPicked = $("input", old)?.checked;
  old.className = row.className;
  old.replaceChildren(...row.childNodes);
  if (isPicked) $("input", old).checked = true;
  return dress(old);
}
/** Makes these the rows. Those that stay are not moved, or what is read would. */
function fill(all) {
  const stays = new Set(all);
  for (const row of [...rows.children]) if (!stays.has(row)) row.remove();
  let next = rows.firstElementChild;
  for (const row of all) if (row === next) next = next.nextElementSibling; else rows.insertBefore(row, next);
}
function replay(name, data) {
  if (name === "row") { if (cursor(fromHtml(data)[0]) > newest()) insert([data]); return; }
  if (name === "session") { insertSession(data); return; }
  change(name, JSON.parse(data));
}
/** Something that the stream tells of rows that are there. */
export function change(name, said) {
  if (name === "gone") gone(said);
  if (name === "mark") mark(said.ids, said.read);
  if (name === "keep") keep(said.ids, said.kept);
  if (name === "tag") tag(said);
}

// ---- Older rows as one scrolls
const watcher = "IntersectionObserver" in window && new IntersectionObserver((seen) => seen.some((entry) => entry.isIntersecting) && more(), { rootMargin: "600px" });
const watch = (link) => watcher && watcher.observe(link);
let loading = false;
export async function more() {
  const link = $("#older");
  if (!link || loading) return;
  loading = true;
  const was = version;
  try {
    const page = await part(link.href, "rows"), next = $("#older", page);
    if (was === version && link.isConnected) { // else the list has changed under it
      for (const row of $$("#rows > li", page)) if (row.dataset.id ? !rowOf(row.dataset.id) && !went.has(row.dataset.id) : !sessionOf(row.dataset.session)) rows.append(dress(row));
      link.remove();
      if (next) rows.after(next);
    }
  } catch { loading = false; return; } // the link stays, to be clicked
  loading = false;
  const now = $("#older");
  if (now && watcher) { watcher.unobserve(now); watch(now); }
}

export function begin() {
  const link = $("#older");
  if (link) watch(link);
  (wide.matches ? scroller : document).addEventListener("scroll", () => isScrolled() || flush(false), { passive: true });
}
