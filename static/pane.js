// The message beside the list, or over it where there is no room for both. The address says which.
import { $, $$, address, base, isOpened, openId, part, query, tail, where, wide, act, list } from "./core.js";
import { drawPill, flush, isScrolled, mark, rowOf, title } from "./list.js";
import { times } from "./words.js";

const READ_AFTER = 1000;
let opening, readSoon, idle = $("#message.plain"), listTop = 0;
/** Who marks by hand decides. */
export const staysUnread = () => clearTimeout(readSoon);

export async function show(url, { push = true, id, focus = false, keep = false } = {}) {
  opening?.abort();
  opening = new AbortController();
  clearTimeout(readSoon);
  if (id) select(id);
  let page;
  try { page = await part(url, "pane", opening.signal); } catch (error) { if (error.name !== "AbortError") location.href = url; return; }
  const pane = $("#message", page);
  if (!pane) { location.href = url; return; }
  const old = $("#message"), scrolled = keep ? ($(".scroll", old)?.scrollTop ?? 0) : 0, top = scrollY, wasOpen = isOpened();
  if (old.matches(".plain") && !wasOpen) idle = old;
  const opened = Boolean(pane.dataset.id) || pane.matches(":not(.idle)") && !$(".setup", pane);
  document.body.classList.toggle("opened", opened);
  if (!wasOpen && opened) listTop = top;
  old.replaceWith(pane);
  if (keep) $(".scroll", pane).scrollTop = scrolled; else if (!wide.matches) scrollTo(0, opened ? 0 : listTop);
  const seen = new URL(url, location);
  seen.searchParams.delete("remote"); // for that one view
  if (seen.hash.length > 1) { const line = $(seen.hash, pane); line?.classList.add("target"); line?.scrollIntoView({ block: seen.hash === "#open-part" ? "start" : "center" }); }
  if (push) history[push === "replace" ? "replaceState" : "pushState"]({ fromList: push === "replace" ? history.state?.fromList : !wasOpen }, "", seen);
  arrive(focus);
}
export function arrive(focus) {
  const pane = $("#message"), id = pane.dataset.id;
  times(pane);
  select(id);
  title();
  document.dispatchEvent(new CustomEvent("pane"));
  const tabs = $(".tabs", pane), tab = tabs && $("[aria-current]", tabs);
  if (tab) tabs.scrollLeft = tab.offsetLeft - (tabs.clientWidth - tab.offsetWidth) / 2; // a phone shows some of them only
  if (focus || !wide.matches && id) pane.focus({ preventScroll: true });
  if (!pane.hasAttribute("data-unread")) return;
  readSoon = setTimeout(async () => {
    if (openId() === id && pane.hasAttribute("data-unread") && await act("mark", { id, read: 1 })) mark([id], true);
  }, READ_AFTER);
}
function select(id) {
  for (const row of $$(".row.open")) if (row.dataset.id !== id) { row.classList.remove("open"); $("a", row).removeAttribute("aria-current"); }
  const row = id && rowOf(id);
  if (!row) return;
  row.classList.add("open");
  $("a", row).ariaCurrent = "page";
  if (wide.matches) row.scrollIntoView({ block: "nearest" });
}
export function open(id, options) { show(address(id), { id, ...options }); }
export function close({ push = true } = {}) {
  if (!isOpened()) return;
  if (push && history.state?.fromList) { history.back(); return; }
  clearTimeout(readSoon);
  const id = openId();
  if (!idle) { show(base + tail(), { push }); return; }
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
}
addEventListener("popstate", () => {
  const at = new URL(location), same = (name, now) => (at.searchParams.get(name) ?? "") === (now ?? "");
  if (!list) return; // a step within the page, to one of its parts
  if (!same("q", query) || !same("sessions", where.sessions) || !same("thread", where.thread)) { location.reload(); return; }
  const id = at.pathname.startsWith(`${base}message/`) && at.pathname.slice(base.length + 8);
  if (id) { where.tab = at.searchParams.get("tab"); show(at.href, { push: false, id }); } else if (at.pathname === base) { if (!at.hash) close({ push: false }); } else location.reload();
});
