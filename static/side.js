// The side: mailboxes, searches and tags, with counts that stay true, and the searches that this browser remembers.
import { $, base, memory, part, query, tail } from "./core.js";
import { TEXT } from "./texts.js";

const side = $("#side"), REST = 1000;
let soon, isStale = false;
const isShown = () => side && side.offsetParent !== null && !document.hidden;

/** Something has changed that it may count. */
export function sideSoon() {
  isStale = true;
  if (!soon && isShown()) soon = setTimeout(anew, REST);
}
async function anew() {
  soon = undefined;
  if (!isShown()) return;
  isStale = false;
  try {
    const fresh = $("#counted", await part(`${base}side${tail()}`, "side")), old = $("#counted");
    if (!fresh || old.innerHTML === fresh.innerHTML) return;
    const focused = old.contains(document.activeElement) && document.activeElement.getAttribute("href");
    old.replaceWith(fresh);
    if (focused) $(`a[href="${CSS.escape(focused)}"]`, fresh)?.focus({ preventScroll: true });
  } catch { isStale = true; }
}
export const sideNow = () => isStale && anew();
document.addEventListener("visibilitychange", () => isStale && sideSoon());

// ---- Saved searches
const read = () => { try { return JSON.parse(memory.get("searches")) ?? []; } catch { return []; } };
const home = $("#saved"), keeper = $("[data-do=save-search]");
function draw() {
  if (keeper) {
    const is = read().includes(query);
    keeper.setAttribute("aria-pressed", is);
    keeper.title = keeper.ariaLabel = is ? TEXT.forgetSearch : TEXT.saveSearch;
  }
  if (!home) return;
  home.hidden = !read().length;
  $("ul", home).replaceChildren(...read().map((words) => {
    const line = document.createElement("li");
    line.innerHTML = '<a><svg class="i" aria-hidden="true"><use href="#i-search"/></svg><span class="cut" dir="auto"></span></a><button type="button" class="tool"><svg class="i" aria-hidden="true"><use href="#i-close"/></svg></button>';
    const [link, drop] = [$("a", line), $("button", line)];
    link.href = `${base}?${new URLSearchParams({ q: words })}`;
    if (words === query) link.ariaCurrent = "page";
    $("span", line).textContent = words;
    drop.title = drop.ariaLabel = TEXT.forgetThat(words);
    drop.onclick = () => { store(read().filter((other) => other !== words)); (keeper ?? $("a", side))?.focus(); };
    return line;
  }));
}
function store(all) { memory.set("searches", all.length ? JSON.stringify(all) : null); draw(); }
export function saveSearch() {
  const all = read();
  store(all.includes(query) ? all.filter((words) => words !== query) : [...all, query]);
}
draw();
addEventListener("storage", ({ key }) => key === "searches" && draw());
