// The page works without this file. With it: mail appears as it comes, a message opens beside the list, keys work.
// What is drawn comes from the server as HTML; what the live stream says is written down in src/web/page/live.rs.
import "./message.js";
const root = document.documentElement;
root.classList.add("with-js");
const $ = (selector, within = document) => within.querySelector(selector);
const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
const { base, query, place } = document.body.dataset;
const wide = matchMedia("(min-width: 56.25em)");
const ROWS_MAX = 500, BURST = 50, READ_AFTER = 1000;

// ---- Words, the same as in words.rs
function bytes(count) {
  if (count < 1024) return `${count} B`;
  const units = ["kB", "MB", "GB", "TB"];
  let value = count / 1024, unit = 0;
  while (value >= 999.5 && unit < 3) { value /= 1024; unit++; }
  return `${value < 9.95 ? value.toFixed(1) : value.toFixed(0)} ${units[unit]}`;
}
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const hour = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const exact = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit", timeZoneName: "short" });
function age(date) {
  const seconds = Math.floor(Date.now() / 1000) - Math.floor(date / 1000);
  if (seconds < 5) return "now";
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h`;
  return seconds < 604800 ? `${Math.floor(seconds / 86400)} d` : day.format(date);
}
const plural = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;

// ---- Times, in the browser's zone
function times(within) {
  for (const time of $$("time", within)) {
    const date = new Date(time.dateTime);
    if (isNaN(date)) continue;
    if (!time.dataset.local) {
      time.dataset.local = "1";
      if ("exact" in time.dataset) time.textContent = exact.format(date); else time.title = exact.format(date);
    }
    if ("exact" in time.dataset) continue;
    const words = age(date);
    if (time.textContent !== words) time.textContent = words;
  }
  for (const mark of $$("[data-postmark]", within)) {
    const date = new Date(mark.dataset.postmark), [upper, lower] = $$("text:not(.rim)", mark);
    if (!isNaN(date) && lower) { upper.textContent = day.format(date).toUpperCase(); lower.textContent = hour.format(date); }
  }
}
times(document);
setInterval(() => document.hidden || times($("#rows") ?? document), 5000);
document.addEventListener("visibilitychange", () => document.hidden || times(document));

// ---- Small acts that need no list: theme, copy, menus, filter
const THEMES = ["system", "light", "dark"];
function theme(name) {
  if (name === "system") delete root.dataset.theme; else root.dataset.theme = name;
  const button = $("[data-do=theme]");
  if (button) button.title = button.ariaLabel = `Theme: ${name === "system" ? "as the system" : name}`;
}
const saved = { get: (key) => { try { return localStorage.getItem(key); } catch { return null; } }, set: (key, value) => { try { localStorage.setItem(key, value); } catch { /* private windows */ } } };
theme(saved.get("theme") ?? "system");

async function copy(button) {
  const { copy: words, copyFrom, copyUrl } = button.dataset;
  let text = words;
  if (copyFrom) text = $(copyFrom, button.closest(".snippet, .body"))?.textContent;
  if (copyUrl) text = await (await fetch(copyUrl)).text();
  try { await navigator.clipboard.writeText(text ?? ""); } catch {
    const area = Object.assign(document.createElement("textarea"), { value: text }); // plain http beyond localhost has no clipboard
    document.body.append(area); area.select(); document.execCommand("copy"); area.remove();
  }
  done(button);
}
// The button's picture becomes a tick for a moment.
function done(button) {
  const use = $("use", button), before = use.getAttribute("href");
  if (before === "#i-check") return;
  use.setAttribute("href", "#i-check"); button.classList.add("done");
  setTimeout(() => { use.setAttribute("href", before); button.classList.remove("done"); }, 1500);
}
function closeMenus(but) {
  let closed = false;
  for (const menu of $$("details.menu[open]")) if (menu !== but) { menu.open = false; closed = true; }
  return closed;
}
document.addEventListener("click", (event) => closeMenus(event.target.closest?.("details.menu")));
document.addEventListener("input", ({ target }) => {
  if (!target.dataset?.filter) return;
  const words = target.value.toLowerCase();
  for (const row of $(target.dataset.filter).children) row.hidden = !row.textContent.toLowerCase().includes(words);
});

// ---- The list
const list = $("#list"), rows = $("#rows"), scroller = $("#scroller"), pill = $("#pill");
const held = document.createElement("ol"); // rows that wait above, so that what is read does not move
const here = new URLSearchParams(location.search), belowTop = here.has("before");
const rowOf = (id) => $(`[data-id="${CSS.escape(id)}"]`, rows) ?? $(`[data-id="${CSS.escape(id)}"]`, held);
const openId = () => $("#message")?.dataset.id;
let tab = here.get("tab");
const tail = (more = {}) => {
  const words = new URLSearchParams();
  if (query) words.set("q", query);
  for (const name of ["thread", "sessions"]) if (here.get(name)) words.set(name, here.get(name));
  for (const [key, value] of Object.entries(more)) if (value) words.set(key, value);
  return words.size ? `?${words}` : "";
};
const address = (id) => `${base}message/${id}${tail({ tab })}`;

function stat(name, value) {
  for (const element of $$(`[data-stat="${name}"]`)) element.textContent = value;
}
let unread = Number(document.body.dataset.unread) || 0;
const icon = $("link[rel=icon]"), iconHref = icon?.href;
function title() {
  const open = $("#message")?.dataset.title ?? `${place} · Restante`;
  document.title = (unread ? `(${unread}) ` : "") + open;
  if (icon) icon.href = unread ? BADGED : iconHref;
}
const BADGED = "data:image/svg+xml," + encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect x="2" y="4" width="26" height="25" rx="3" fill="#c8402a"/><path fill="none" stroke="#fff" stroke-width="2.4" stroke-linejoin="round" d="M7 11h16v12H7zl8 7 8-7"/><circle cx="25" cy="8" r="7" fill="#22509e" stroke="#fff" stroke-width="2"/></svg>');
function stats(now) {
  unread = now.unread;
  stat("total", now.total); stat("unread", now.unread); stat("evicted", now.evicted);
  stat("memory", `${bytes(now.bytes)} of ${bytes(now.budget)}`);
  for (const element of $$("[data-plural]")) element.textContent = now.total === 1 ? "" : "s";
  $("#evicted").hidden = !now.evicted;
  stat("broken", now.broken);
  for (const element of $$("[data-broken]")) element.hidden = !now.broken;
  title();
}

const isScrolled = () => belowTop || (wide.matches ? scroller.scrollTop > 4 : document.body.classList.contains("opened") || scrollY > 60);
let told = 0, tellSoon;
function tell(count) {
  told += count;
  clearTimeout(tellSoon);
  tellSoon = setTimeout(() => { $("#told").textContent = plural(told, "new message"); told = 0; }, 800);
}
function fromHtml(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return $$("li.row", template.content);
}
function dress(row) {
  const link = $("a", row), id = row.dataset.id;
  if (!id) { times(row); return row; } // a connection
  link.href = address(id);
  row.classList.toggle("open", id === openId());
  if (id === openId()) link.ariaCurrent = "page";
  times(row);
  return row;
}
function insert(htmls) {
  let count = 0;
  const home = isScrolled() ? held : rows;
  for (const html of htmls) for (const row of fromHtml(html)) {
    went.delete(row.dataset.id);
    const old = rowOf(row.dataset.id);
    if (old) { old.replaceWith(dress(row)); continue; }
    row.classList.add("fresh");
    home.prepend(dress(row));
    count++;
  }
  while (held.children.length > ROWS_MAX) held.lastChild.remove();
  if (home === rows) trim();
  if (count) { tell(count); found(count); }
  drawPill();
  const known = new Set($$(".boxes .sheet a > .cut").map((name) => name.textContent));
  if (!document.body.classList.contains("in-mailbox") && $$(".box-mark", home).some((mark) => !known.has(mark.textContent))) boxesAnew();
}
// A connection that brought no message.
function session(html) {
  const home = isScrolled() ? held : rows;
  for (const row of fromHtml(html)) {
    const old = $(`[data-session="${row.dataset.session}"]`, rows) ?? $(`[data-session="${row.dataset.session}"]`, held);
    if (old) continue;
    row.classList.add("fresh");
    home.prepend(dress(row));
  }
  if (home === rows) trim();
  drawPill();
}
// The mailboxes of the switch, when a new one has come and whenever it is opened.
async function boxesAnew() {
  try {
    const fresh = $(".boxes", await part(base + tail(), "page")), old = $(".boxes");
    if (!fresh) return;
    if (old) $(".sheet", old).replaceWith($(".sheet", fresh)); else $(".lead").append(fresh);
  } catch { /* the next one may do better */ }
}
function trim() {
  if (rows.children.length <= ROWS_MAX) return;
  while (rows.children.length > ROWS_MAX) rows.lastElementChild.remove();
  const last = $$("[data-cursor]", rows).at(-1);
  if (last) older(last.dataset.cursor);
}
function older(cursor) {
  let link = $("#older");
  if (!link) { link = Object.assign(document.createElement("a"), { id: "older", className: "older", textContent: "Older messages" }); rows.after(link); watch(link); }
  link.href = `${base}${tail({ before: cursor })}`;
}
function found(count) {
  const element = $('h1 [data-stat="found"]');
  if (element) stat("found", Math.max(0, Number(element.textContent) + count));
}
function drawPill() {
  const count = held.children.length;
  pill.hidden = !count || document.body.classList.contains("opened") && !wide.matches;
  pill.textContent = count >= ROWS_MAX ? `${ROWS_MAX}+ new` : `${count} new`;
}
function flush(scroll) {
  if (belowTop && scroll) { location.href = base + tail(); return; }
  if (belowTop || !held.children.length) return;
  rows.prepend(...held.children);
  trim(); drawPill();
  if (scroll) (wide.matches ? scroller : window).scrollTo({ top: 0 });
}
function gone(ids) {
  let count = 0;
  if (went.size > 20000) went.clear();
  for (const id of ids) {
    went.add(id);
    const row = rowOf(id);
    if (row) { leave(row); row.remove(); count++; }
    if (id === openId() && !$("#message .was")) {
      const note = Object.assign(document.createElement("p"), { className: "search-error was", textContent: "This message has been deleted. What is shown here is the last of it." });
      $("#message .bar")?.after(note);
    }
  }
  found(-count); drawPill(); picked();
}
// A row that goes hands its focus on.
function leave(row) {
  if (row.contains(document.activeElement)) $("a", row.nextElementSibling ?? row.previousElementSibling ?? list)?.focus({ preventScroll: true });
}
function mark(ids, read) {
  for (const id of ids) {
    rowOf(id)?.classList.toggle("unread", !read);
    if (id === openId()) paneRead(read);
  }
}
// As row.html and message.html draw them.
function tag(tags) {
  for (const [id, names] of Object.entries(tags)) {
    const drawn = (shown, more) => [...shown.map((name) => Object.assign(document.createElement("span"), { className: "tag cut", dir: "auto", textContent: name })),
      ...(more > 0 ? [Object.assign(document.createElement("span"), { className: "tag", textContent: `+${more}` })] : [])];
    const row = rowOf(id);
    if (row) $(".row-tags", row).replaceChildren(...drawn(names.slice(0, 4), names.length - 4));
    if (id === openId()) $("#message .tags")?.replaceChildren(...drawn(names, 0));
  }
}
function paneRead(read) {
  const pane = $("#message"), form = $("[data-act=toggle]", pane);
  pane.toggleAttribute("data-unread", !read);
  if (!form) return;
  form.elements.read.value = read ? "0" : "1";
  $("button span", form).textContent = read ? "Mark unread" : "Mark read";
}
async function part(url, what, signal) {
  const response = await fetch(url, { headers: { "X-Fragment": what }, signal });
  return new DOMParser().parseFromString(await response.text(), "text/html");
}
let fetching, again = false, version = 0;
const meanwhile = []; // what the stream told while the list was being fetched: the answer may not know of it
const went = new Set(); // nor, perhaps, that these are gone
function reload() {
  if (belowTop) return;
  if (fetching) { again = true; return; } // what is under way may be older than what is asked for now
  meanwhile.length = 0;
  fetching = part(base + tail(), "rows").then((page) => {
    version++;
    const checked = new Set($$(".pick :checked", rows).map((box) => box.value));
    const fresh = $("#rows", page);
    if (!fresh) return;
    held.replaceChildren();
    rows.replaceChildren(...fresh.children);
    for (const row of [...rows.children]) { if (went.has(row.dataset.id)) { row.remove(); continue; } dress(row); if (checked.has(row.dataset.id)) $("input", row).checked = true; }
    const link = $("#older", page);
    $("#older")?.remove();
    if (link) { rows.after(link); watch(link); }
    const count = $('h1 [data-stat="found"]', page);
    if (count) stat("found", count.textContent);
    const newest = Number($("[data-cursor]", rows)?.dataset.cursor ?? 0);
    for (const [name, data] of meanwhile.splice(0)) {
      if (name === "mark") { const { ids, read } = JSON.parse(data); mark(ids, read); }
      else if (name === "session") session(data);
      else if (name === "tag") tag(JSON.parse(data));
      else if (Number(fromHtml(data)[0]?.dataset.cursor) > newest) insert([data]);
    }
    drawPill(); picked();
  }).catch(() => {}).finally(() => { setTimeout(() => { fetching = undefined; if (again) { again = false; reload(); } }, again ? 250 : 0); });
}

// ---- Older rows as one scrolls
const watcher = "IntersectionObserver" in window && new IntersectionObserver((seen) => seen.some((entry) => entry.isIntersecting) && more(), { rootMargin: "600px" });
const watch = (link) => watcher && watcher.observe(link);
let loading = false;
async function more() {
  const link = $("#older");
  if (!link || loading) return;
  loading = true;
  const was = version;
  try {
    const page = await part(link.href, "rows"), next = $("#older", page);
    if (was === version && link.isConnected) { // else the list has changed under it
      for (const row of $$("#rows > li", page)) if (row.dataset.session ? !$(`[data-session="${row.dataset.session}"]`, rows) : !rowOf(row.dataset.id) && !went.has(row.dataset.id)) rows.append(dress(row));
      link.remove();
      if (next) rows.after(next);
    }
  } catch { loading = false; return; } // the link stays, to be clicked
  loading = false;
  const now = $("#older");
  if (now && watcher) { watcher.unobserve(now); watch(now); }
}

// ---- Live
let stream, wasLost = false, anew = false, drawing = false;
const waiting = [];
function state(name, words) {
  const live = $("#live");
  live.className = `live ${name}`;
  if (live.textContent !== words) live.textContent = words;
}
function connect() {
  stream = new EventSource(`${base}live${tail()}`);
  stream.onopen = () => { state("on", "Live"); if (anew) reload(); wasLost = anew = false; };
  stream.onerror = () => {
    if (!wasLost) state("lost", "Server gone, retrying …");
    wasLost = true;
    if (stream.readyState !== EventSource.CLOSED) return; // the browser tries by itself
    anew = true;
    stream.close();
    setTimeout(connect, 2000);
  };
  for (const name of ["row", "gone", "mark", "tag", "session", "stats", "reset"]) stream.addEventListener(name, (event) => { waiting.push([name, event.data]); soon(); });
  stream.addEventListener("reload", () => location.reload()); // debug builds: a static file has changed
}
function soon() {
  if (drawing) return;
  drawing = true;
  document.hidden ? setTimeout(draw, 250) : requestAnimationFrame(draw);
}
document.addEventListener("visibilitychange", () => drawing && draw()); // no frame comes to a tab that was hidden before it
function draw() {
  drawing = false;
  const events = waiting.splice(0);
  const burst = events.filter(([name]) => name === "row").length > BURST;
  let fresh = [], last;
  const put = () => { if (fresh.length) insert(fresh); fresh = []; };
  for (const [name, data] of events) {
    if (fetching && (name === "row" || name === "mark" || name === "tag" || name === "session")) meanwhile.push([name, data]);
    if (name === "row") { if (!burst) fresh.push(data); continue; }
    if (name === "stats") { last = data; continue; }
    put();
    if (name === "gone") gone(JSON.parse(data));
    if (name === "session") session(data);
    if (name === "mark") { const { ids, read } = JSON.parse(data); mark(ids, read); }
    if (name === "tag") tag(JSON.parse(data));
    if (name === "reset") reload();
  }
  put();
  if (burst) { isScrolled() ? insert(events.filter(([name]) => name === "row").map(([, data]) => data)) : reload(); }
  if (last) stats(JSON.parse(last));
}

// ---- The message
let opening, readSoon, idle = $("#message.plain");
async function show(url, { push = true, id, focus = false, keep = false } = {}) {
  opening?.abort();
  opening = new AbortController();
  clearTimeout(readSoon);
  if (id) select(id);
  let page;
  try { page = await part(url, "pane", opening.signal); } catch (error) { if (error.name !== "AbortError") location.href = url; return; }
  const pane = $("#message", page);
  if (!pane) { location.href = url; return; }
  const old = $("#message"), scrolled = keep ? ($(".scroll", old)?.scrollTop ?? 0) : 0, top = scrollY;
  const wasOpen = document.body.classList.contains("opened");
  if (old.matches(".plain") && !wasOpen) idle = old;
  const opened = Boolean(pane.dataset.id) || pane.matches(":not(.idle)") && !$(".setup", pane);
  document.body.classList.toggle("opened", opened);
  if (!wasOpen && opened) listTop = top;
  old.replaceWith(pane);
  if (keep) $(".scroll", pane).scrollTop = scrolled; else if (!wide.matches) scrollTo(0, opened ? 0 : listTop);
  const seen = new URL(url, location);
  seen.searchParams.delete("remote"); // for that one view
  if (seen.hash.length > 1) { const line = $(seen.hash, pane); line?.classList.add("target"); line?.scrollIntoView({ block: "center" }); }
  if (push) history[push === "replace" ? "replaceState" : "pushState"]({ fromList: push === "replace" ? history.state?.fromList : !wasOpen }, "", seen);
  arrive(focus);
}
let listTop = 0;
function arrive(focus) {
  const pane = $("#message");
  times(pane);
  select(pane.dataset.id);
  title();
  if (focus || !wide.matches && pane.dataset.id) pane.focus({ preventScroll: true });
  if (pane.hasAttribute("data-unread")) {
    const id = pane.dataset.id;
    readSoon = setTimeout(() => { if (openId() === id && pane.hasAttribute("data-unread")) act("mark", { id, read: 1 }, () => mark([id], true)); }, READ_AFTER);
  }
}
function select(id) {
  for (const row of $$(".row.open")) if (row.dataset.id !== id) { row.classList.remove("open"); $("a", row).removeAttribute("aria-current"); }
  const row = id && rowOf(id);
  if (!row) return;
  row.classList.add("open");
  $("a", row).ariaCurrent = "page";
  if (wide.matches) row.scrollIntoView({ block: "nearest" });
}
function open(id, options) { show(address(id), { id, ...options }); }
function close({ push = true } = {}) {
  if (!document.body.classList.contains("opened")) return;
  if (push && history.state?.fromList) { history.back(); return; }
  clearTimeout(readSoon);
  const id = openId();
  if (idle) {
    opening?.abort();
    $("#message").replaceWith(idle);
    document.body.classList.remove("opened");
    select(undefined); title();
    if (push) history.pushState({}, "", base + tail());
    if (!wide.matches) scrollTo(0, listTop);
    if (!isScrolled()) flush(false);
    drawPill();
    const row = id && rowOf(id);
    if (row) $("a", row).focus({ preventScroll: true });
  } else show(base + tail(), { push });
}
addEventListener("popstate", () => {
  const at = new URL(location);
  if (!list || (at.searchParams.get("q") ?? "") !== query || at.searchParams.get("thread") !== here.get("thread")) { location.reload(); return; }
  const id = at.pathname.startsWith(`${base}message/`) && at.pathname.slice(base.length + 8);
  if (id) { tab = at.searchParams.get("tab"); show(at.href, { push: false, id }); } else if (at.pathname === base) close({ push: false }); else location.reload();
});

// ---- Acts
async function act(where, fields, then) {
  const form = new URLSearchParams();
  for (const [key, value] of fields instanceof FormData ? fields : Object.entries(fields)) for (const one of [value].flat()) form.append(key, one);
  try {
    const response = await fetch(base + where, { method: "POST", body: form, redirect: "manual" });
    if (response.type !== "opaqueredirect" && !response.ok) throw new Error(`${response.status}`);
    then?.();
  } catch (error) {
    state("lost", /^\d+$/.test(error.message) ? `That was refused (${error.message})` : "That did not reach the server");
    setTimeout(() => stream?.readyState === EventSource.OPEN && state("on", "Live"), 5000);
  }
}
const boxes = () => $$(".pick :checked", rows);
function picked() {
  const words = $("#picked");
  if (words) words.textContent = `${boxes().length} selected`;
}
function unpick() { for (const box of boxes()) box.checked = false; picked(); }
function remove(ids) {
  const open = ids.includes(openId()) && rowOf(openId());
  let next = open && step(open, 1, (row) => !ids.includes(row.dataset.id)) || open && step(open, -1, (row) => !ids.includes(row.dataset.id));
  act("delete", { id: ids }, () => {
    gone(ids);
    if (!open) { if (ids.includes(openId())) close(); return; }
    if (next && wide.matches) open_(next); else close();
  });
}
const open_ = (row) => open(row.dataset.id, { push: "replace" });
function toggle(ids, read) {
  clearTimeout(readSoon); // who marks by hand decides
  act("mark", { id: ids, read: read ? 1 : 0 }, () => mark(ids, read));
}
document.addEventListener("submit", (event) => {
  const form = event.target, what = form.dataset.act, button = event.submitter;
  if (form.id === "bulk") {
    event.preventDefault();
    const ids = boxes().map((box) => box.value);
    if (!ids.length) return;
    if (button?.name === "read") toggle(ids, button.value === "1"); else remove(ids);
    unpick();
    return;
  }
  if (!what || !list && what !== "test") return;
  event.preventDefault();
  const fields = new FormData(form);
  if (what === "delete") remove([fields.get("id")]);
  if (what === "toggle") { toggle([fields.get("id")], fields.get("read") === "1"); if (!wide.matches) close(); }
  if (what === "mark-all") act("mark", fields, () => mark($$(".row", rows).map((row) => row.dataset.id), true));
  if (what === "delete-all") act("delete", fields, () => { closeMenus(); reload(); if (openId()) close(); });
  if (what === "test") act("test-message", {}, () => list ? done(button) : location.assign(base));
});
document.addEventListener("toggle", (event) => event.target.matches(".boxes[open]") && list && boxesAnew(), true);
document.addEventListener("change", (event) => event.target.matches(".pick input") && picked());
document.addEventListener("click", (event) => {
  const button = event.target.closest("button, a");
  if (!button || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const { do: what } = button.dataset;
  if ("copy" in button.dataset || button.dataset.copyFrom || button.dataset.copyUrl) copy(button);
  else if (what === "theme") { const name = THEMES[(THEMES.indexOf(root.dataset.theme ?? "system") + 1) % 3]; saved.set("theme", name); theme(name); }
  else if (what === "help") help();
  else if (button === pill) flush(true);
  else if (!list) return;
  else if (button.matches(".row-link")) { event.preventDefault(); open(button.closest(".row").dataset.id); }
  else if (what === "close") { event.preventDefault(); close(); }
  else if (what === "tab") { event.preventDefault(); tab = new URL(button.href).searchParams.get("tab"); show(button.href, { push: "replace", keep: true, focus: true }); }
  else if (what === "newer" || what === "older") { event.preventDefault(); go(what === "older" ? 1 : -1); }
});

// ---- Keys: one table, which the help sheet lists
function step(row, by, wanted = () => true) {
  const side = by > 0 ? "nextElementSibling" : "previousElementSibling";
  for (let next = row?.[side]; next; next = next[side]) if (next.dataset.id && wanted(next)) return next;
}
const current = () => $(".row.open", rows) ?? document.activeElement?.closest?.(".row");
function go(by, wanted) {
  const at = current(), all = $$(".row[data-id]", rows), first = by > 0 ? all[0] : undefined;
  const next = at ? step(at, by, wanted) : first && (!wanted || wanted(first) ? first : step(first, by, wanted));
  if (!next) { if (by > 0) more(); return; }
  const isOpen = document.body.classList.contains("opened");
  if (wide.matches || isOpen) open(next.dataset.id, { push: isOpen ? "replace" : true });
  else { $("a", next).focus(); next.scrollIntoView({ block: "nearest" }); }
}
const isUnread = (row) => row.classList.contains("unread");
function chosen() {
  const ids = boxes().map((box) => box.value);
  return ids.length ? ids : current() ? [current().dataset.id] : [];
}
const KEYS = [
  [["j"], "Next message", () => go(1)],
  [["k"], "Previous message", () => go(-1)],
  [["n"], "Next unread", () => go(1, isUnread)],
  [["p"], "Previous unread", () => go(-1, isUnread)],
  [["o", "Enter"], "Open the message", () => current() && open(current().dataset.id, { focus: true })],
  [["1", "6"], "A tab of the message", (key) => $$(".tabs > *")[key - 1]?.click()],
  [["u"], "Mark unread, or read", () => { const ids = chosen(); if (ids.length) toggle(ids, isUnread(rowOf(ids[0]) ?? current())); }],
  [["x"], "Select", () => { const box = current() && $("input", current()); if (box) { box.checked = !box.checked; picked(); } }],
  [["#"], "Delete", () => { const ids = chosen(); if (ids.length) { remove(ids); unpick(); } }],
  [["/"], "Search", () => $(".search input").select()],
  [["Esc"], "Close, step back", () => closeMenus() || (boxes().length ? unpick() : close())],
  [["?"], "This list", () => help()],
];
function help() {
  const dialog = $("#help"), dl = $("dl", dialog);
  if (!dl.children.length) for (const [keys, words] of KEYS) {
    const line = document.createElement("div"), dt = document.createElement("dt"), dd = document.createElement("dd");
    dt.textContent = words;
    for (const key of keys) dd.append(key === "6" ? " to " : "", Object.assign(document.createElement("kbd"), { textContent: key }));
    line.append(dt, dd);
    dl.append(line);
  }
  dialog.showModal();
}
document.addEventListener("keydown", (event) => {
  if (event.metaKey || event.ctrlKey || event.altKey || event.isComposing || $("#help").open) return;
  const { target } = event, key = event.key === "Escape" ? "Esc" : event.key;
  if (target.matches("input:not([type=checkbox], [type=radio]), textarea, select")) { if (key === "Esc") target.blur(); return; }
  if (key === "Enter" && target.matches("a, button, summary, input")) return; // it does what it does
  if (!list && !["/", "?"].includes(key)) return;
  const number = /^[1-6]$/.test(key) ? "1" : key;
  const row = KEYS.find(([keys]) => keys.includes(number));
  if (!row) return;
  event.preventDefault();
  row[2](Number(key));
});

// ---- The connections: a hint that there are newer ones
const sessions = $(".sessions:not([data-older])");
async function newer() {
  if (document.hidden) return;
  try {
    const { Sessions: [last] } = await (await fetch(`${base}api/v1/sessions?limit=1`)).json();
    if (last?.Number > Number(sessions.dataset.newest)) $("#anew").hidden = false;
  } catch { /* the server is gone; the next one tells */ }
}
if (sessions) { setInterval(newer, 5000); document.addEventListener("visibilitychange", newer); }

// ---- Begin
if (list) {
  connect();
  arrive(false);
  const link = $("#older");
  if (link) watch(link);
  (wide.matches ? scroller : document).addEventListener("scroll", () => isScrolled() || flush(false), { passive: true });
  addEventListener("pagehide", () => stream.close());
  addEventListener("pageshow", (event) => { if (event.persisted) { anew = true; connect(); } });
  if ("scrollRestoration" in history && !wide.matches) history.scrollRestoration = "manual";
} else title();
