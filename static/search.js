// The search box: what may stand at the cursor is offered as one types, what cannot be read is said under it.
import { $, $$, base } from "./core.js";

const input = $(".search input"), menu = $("#complete");
const PAUSE = 90;
let soon, asking;
const options = () => $$("[role=option]", menu);
const chosen = () => $("[aria-selected=true]", menu);

function shut() {
  clearTimeout(soon);
  asking?.abort();
  menu.hidden = true;
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
}
async function ask() {
  asking?.abort();
  asking = new AbortController();
  try {
    const response = await fetch(`${base}complete?${new URLSearchParams({ q: input.value, at: input.selectionStart })}`, { signal: asking.signal });
    menu.innerHTML = response.ok ? await response.text() : "";
  } catch { return; }
  if (options().length) $(".wrong", menu)?.remove(); // not wrong yet: it goes on
  if (!menu.children.length || document.activeElement !== input) { shut(); return; }
  menu.hidden = false;
  input.setAttribute("aria-expanded", "true");
  input.removeAttribute("aria-activedescendant");
}
function choose(option) {
  chosen()?.setAttribute("aria-selected", "false");
  option?.setAttribute("aria-selected", "true");
  if (option) { input.setAttribute("aria-activedescendant", option.id); option.scrollIntoView({ block: "nearest" }); } else input.removeAttribute("aria-activedescendant");
}
function take(option) {
  input.value = option.dataset.text;
  input.setSelectionRange(option.dataset.at, option.dataset.at);
  input.focus();
  ask();
}
if (input && menu) {
  input.addEventListener("input", () => { clearTimeout(soon); soon = setTimeout(ask, PAUSE); });
  input.addEventListener("focus", () => { soon = setTimeout(ask, PAUSE); });
  input.addEventListener("blur", shut);
  menu.addEventListener("mousedown", (event) => { event.preventDefault(); const option = event.target.closest("[role=option]"); if (option) take(option); });
  input.addEventListener("keydown", (event) => {
    const all = options(), at = all.indexOf(chosen());
    if (menu.hidden || event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const by = event.key === "ArrowDown" ? 1 : -1;
      choose(all[at < 0 && by < 0 ? all.length - 1 : at + by]);
    } else if ((event.key === "Enter" || event.key === "Tab") && at >= 0) { event.preventDefault(); take(all[at]); }
    else if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); shut(); }
  });
}
