// What is done to messages: picked ones, the open one, or all that a search finds. A delete is undone, not asked about.
import { $, $$, act, hush, list, openId, rows, say, wide } from "./core.js";
import { allRows, gone, keep, mark, reload, rowOf } from "./list.js";
import { close, open, staysUnread } from "./pane.js";
import { closeMenus } from "./look.js";
import { step } from "./keys.js";
import { TEXT } from "./texts.js";

// ---- Picking: a click on the box, with shift up to the last one, with ctrl on the row; x
const boxes = () => $$(".pick :checked", rows);
export const pickedIds = () => boxes().map((box) => box.value);
export function picked() {
  const words = $("#picked"), all = $("#pick-all"), count = boxes().length;
  if (words) words.textContent = TEXT.selected(count);
  if (all) { all.checked = count > 0 && count === allRows().length; all.indeterminate = count > 0 && !all.checked; }
}
export function unpick() { for (const box of boxes()) box.checked = false; picked(); }
let anchor;
export function pick(row, { on, upTo = false } = {}) {
  const box = $("input", row), wanted = on ?? !box.checked, all = allRows();
  const [from, to] = [all.indexOf(upTo && anchor?.isConnected ? anchor : row), all.indexOf(row)].sort((a, b) => a - b);
  for (const one of all.slice(Math.max(0, from), to + 1)) $("input", one).checked = wanted;
  anchor = row;
  picked();
}
let isShifted = false;
document.addEventListener("click", (event) => { isShifted = event.shiftKey; }, true);
document.addEventListener("change", ({ target }) => {
  if (target.id === "pick-all") { for (const row of allRows()) $("input", row).checked = target.checked; picked(); }
  else if (target.matches(".pick input")) pick(target.closest(".row"), { on: target.checked, upTo: isShifted });
});

// ---- Delete and undo
let last; // the batch that can be brought back
async function hide(fields) {
  const said = await act("delete", fields);
  if (!said) return;
  last = said.batch;
  const button = Object.assign(document.createElement("button"), { className: "button", type: "button", textContent: TEXT.undo });
  button.dataset.do = "undo";
  button.title = TEXT.undoTitle;
  say(TEXT.deleted(said.count, said.spared), { button: said.batch && button });
  return said;
}
export async function undo() {
  if (!last) return;
  const batch = last;
  last = undefined;
  hush();
  const said = await act("restore", { batch });
  if (said) say(TEXT.restored(said.count), { seconds: 4 });
}
export async function remove(ids) {
  const row = ids.includes(openId()) && rowOf(openId()), others = (one) => !ids.includes(one.dataset.id);
  const next = row && (step(row, 1, others) || step(row, -1, others));
  if (!await hide({ id: ids })) return;
  gone(ids);
  if (!ids.includes(openId())) return;
  if (next && wide.matches) open(next.dataset.id, { push: "replace" }); else close();
}

// ---- The others
export async function toggle(ids, read) {
  staysUnread();
  if (await act("mark", { id: ids, read: read ? 1 : 0 })) mark(ids, read);
}
export async function toggleKept(ids, on) {
  if (await act("keep", { id: ids, keep: on ? 1 : 0 })) keep(ids, on);
}
export const isKept = (id) => Boolean(rowOf(id)?.classList.contains("kept") || id === openId() && $("#message [data-act=keep] [aria-pressed=true]"));

document.addEventListener("submit", async (event) => {
  const form = event.target, what = form.dataset.act, button = event.submitter;
  if (form.matches("#bulk")) { // its boxes are named `id`, so it has none of its own
    if (button?.name === "format") { setTimeout(closeMenus); return; } // the browser saves the file
    event.preventDefault();
    const ids = pickedIds();
    if (!ids.length) return;
    if (button?.name === "read") toggle(ids, button.value === "1");
    else if (button?.name === "keep") toggleKept(ids, button.value === "1");
    else if (button?.dataset.tag) { const name = form.elements.add.value.trim(); if (name && await act("tag", { id: ids, [button.dataset.tag]: name })) form.elements.add.value = ""; closeMenus(); return; }
    else remove(ids);
    unpick();
    return;
  }
  if (!what || !list) return;
  event.preventDefault();
  const fields = new FormData(form, button), id = fields.get("id");
  if (what === "delete") remove([id]);
  if (what === "toggle") { toggle([id], fields.get("read") === "1"); if (!wide.matches) close(); }
  if (what === "keep") toggleKept([id], fields.get("keep") === "1");
  if (what === "tag" && fields.get("add").trim()) { if (await act("tag", fields)) form.reset(); }
  if (what === "mark-all" && await act("mark", fields)) mark(allRows().map((row) => row.dataset.id), true);
  if (what === "delete-all" && await hide(fields)) { reload(); if (openId() && !isKept(openId())) close(); }
});
// Enter in a form is its first button, and that is not the one beside the field.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches?.("#bulk input[type=text]")) return;
  event.preventDefault();
  $("#bulk [data-tag=add]").click();
});
document.addEventListener("click", (event) => {
  const name = event.target.dataset?.untag;
  if (name) act("tag", { id: openId(), remove: name });
});
