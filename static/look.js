// How the window looks, and small acts that need no list: theme, rows, walls, menus, filters, copying.
import { $, $$, list, memory, root } from "./core.js";
import { TEXT } from "./texts.js";

const THEMES = ["system", "light", "dark"];
export function theme(name = THEMES[(THEMES.indexOf(root.dataset.theme ?? "system") + 1) % 3]) {
  memory.set("theme", name);
  if (name === "system") delete root.dataset.theme; else root.dataset.theme = name;
  const button = $("[data-do=theme]");
  if (button) button.title = button.ariaLabel = TEXT.theme(name);
}
theme(root.dataset.theme ?? "system");

export function dense(on = !root.classList.contains("dense")) {
  memory.set("density", on ? "dense" : null);
  root.classList.toggle("dense", on);
  $("[data-do=dense]")?.setAttribute("aria-pressed", on);
}
dense(root.classList.contains("dense"));

// The side is a column where there is room, and lies above the page where there is none.
const roomy = matchMedia("(min-width: 75em)");
const side = $("#side"), opener = $("[data-do=side]");
export const sideIsOpen = () => !roomy.matches && document.body.classList.contains("side-open");
export function toggleSide(on) {
  if (roomy.matches) {
    const shut = root.classList.toggle("side-shut", on === undefined ? undefined : !on);
    memory.set("side", shut ? "shut" : null);
  } else {
    const open = document.body.classList.toggle("side-open", on);
    if (open) $("a", side).focus(); else opener?.focus();
  }
  drawSide();
}
function drawSide() { opener?.setAttribute("aria-expanded", roomy.matches ? !root.classList.contains("side-shut") : sideIsOpen()); }
drawSide();
roomy.addEventListener("change", drawSide);
document.addEventListener("click", (event) => sideIsOpen() && !event.target.closest("#side, [data-do=side]") && toggleSide(false));

// The wall between list and message. Its place is remembered; a double click forgets it.
const wall = $("#wall");
const bounds = () => [280, Math.max(320, Math.min(720, list.parentElement.clientWidth - 420))];
function moveWall(width) {
  const [least, most] = bounds(), at = Math.round(Math.min(most, Math.max(least, width)));
  root.style.setProperty("--list-width", `${at}px`);
  memory.set("list-width", at);
  drawWall(at);
}
function drawWall(at = list.offsetWidth) {
  const [least, most] = bounds();
  for (const [name, value] of [["min", least], ["max", most], ["now", at]]) wall.setAttribute(`aria-value${name}`, value);
}
if (wall) {
  drawWall();
  wall.addEventListener("pointerdown", (event) => { wall.setPointerCapture(event.pointerId); event.preventDefault(); root.classList.add("dragging"); });
  wall.addEventListener("pointermove", (event) => wall.hasPointerCapture(event.pointerId) && moveWall(event.clientX - list.getBoundingClientRect().left));
  wall.addEventListener("lostpointercapture", () => root.classList.remove("dragging"));
  wall.addEventListener("dblclick", () => { root.style.removeProperty("--list-width"); memory.set("list-width", null); drawWall(); });
  wall.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -24, ArrowRight: 24 }[event.key];
    if (by) { event.preventDefault(); event.stopPropagation(); moveWall(list.offsetWidth + by); }
  });
}

export async function copy(button) {
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
/** The button's picture becomes a tick for a moment. */
export function done(button) {
  const use = $("use", button), before = use.getAttribute("href");
  if (before === "#i-check") return;
  use.setAttribute("href", "#i-check"); button.classList.add("done");
  setTimeout(() => { use.setAttribute("href", before); button.classList.remove("done"); }, 1500);
}
/** Closes what hangs open; answers whether something did. */
export function closeMenus(but) {
  let closed = false;
  for (const menu of $$("details.menu[open]")) if (menu !== but) { if (menu.contains(document.activeElement)) $("summary", menu).focus(); menu.open = false; closed = true; }
  return closed;
}
document.addEventListener("click", (event) => closeMenus(event.target.closest?.("details.menu")));
document.addEventListener("input", ({ target }) => {
  if (!target.dataset?.filter) return;
  const words = target.value.toLowerCase();
  for (const row of $(target.dataset.filter).children) row.hidden = !row.textContent.toLowerCase().includes(words);
});
// What another window has changed.
addEventListener("storage", ({ key, newValue }) => {
  if (key === "theme") theme(newValue ?? "system");
  if (key === "density") dense(newValue === "dense");
});
