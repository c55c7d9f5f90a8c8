// The page works without this file. With it: mail appears as it comes, a message opens beside the list, keys work.
// What is drawn comes from the server as HTML; what the live stream says is written down in src/web/page/live.rs.
import "./message.js";
import "./search.js";
import { $, base, list, wide, where } from "./core.js";
import * as lists from "./list.js";
import * as live from "./live.js";
import { arrive, close, open, show } from "./pane.js";
import { pick, undo } from "./acts.js";
import { copy, dense, theme, toggleSide } from "./look.js";
import { follow, notify } from "./follow.js";
import { saveSearch, sideNow } from "./side.js";
import { go, help, palette } from "./keys.js";

/** What a button does that says `data-do`. */
const DOES = {
  theme: () => theme(),
  dense: () => dense(),
  follow: () => follow(),
  notify: () => notify(),
  help: () => help(),
  palette: () => palette(),
  undo: () => undo(),
  "save-search": () => saveSearch(),
};
/** And a link: it leads there without a script, too. */
const LEADS = {
  side: () => { toggleSide(); sideNow(); },
  close: () => close(),
  tab: (link) => { where.tab = new URL(link.href).searchParams.get("tab"); show(link.href, { push: "replace", keep: true, focus: true }); },
  newer: () => go(-1),
  older: () => go(1),
};
document.addEventListener("click", (event) => {
  const button = event.target.closest("button, a");
  if (!button || event.defaultPrevented || event.button || event.altKey) return;
  const { do: what } = button.dataset, row = button.matches(".row-link") && button.closest(".row[data-id]");
  const isPlain = !event.metaKey && !event.ctrlKey && !event.shiftKey;
  if (list && row) {
    event.preventDefault();
    if (isPlain) open(row.dataset.id); else pick(row, event.shiftKey ? { on: true, upTo: true } : {});
  } else if (!isPlain) return;
  else if ("copy" in button.dataset || button.dataset.copyFrom || button.dataset.copyUrl) copy(button);
  else if (DOES[what]) DOES[what]();
  else if (button.id === "pill") lists.flush(true);
  else if (LEADS[what] && (list || what === "side")) { event.preventDefault(); LEADS[what](button); }
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

if (list) {
  live.begin();
  arrive(false);
  lists.begin();
  if ("scrollRestoration" in history && !wide.matches) history.scrollRestoration = "manual";
} else lists.title();
