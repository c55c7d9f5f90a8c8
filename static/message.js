// What the message's own tabs do beyond links and forms. Everything listens at the document: the pane comes and goes.
// It listens before app.js does, and what it has dealt with it marks as dealt with.
import { act, base, memory } from "./core.js";

// ---- The switches of the preview: at once, and for the next message too
const SWITCHES = ["width", "scheme", "images"];
const PLAIN = { width: "full", scheme: "light", images: "on" };

// The frame is only asked for anew where what it holds changes.
function frameAddress(body) {
  const frame = body.querySelector(".frame"), url = new URL(frame.src), { scheme, images } = body.dataset;
  if (scheme === "forced") url.searchParams.set("scheme", "forced"); else url.searchParams.delete("scheme");
  if (images === "off") url.searchParams.set("images", "0"); else url.searchParams.delete("images");
  return url.href;
}
function turn(body, name, value) {
  body.dataset[name] = value;
  for (const link of body.querySelectorAll(`[data-switch="${name}"]`)) {
    if ((link.dataset.value ?? "off") === value) link.ariaCurrent = "true"; else link.removeAttribute("aria-current");
  }
  const frame = body.querySelector(".frame"), src = frameAddress(body);
  if (src === frame.src) return;
  const fresh = frame.cloneNode(); // an address that is set anew would be a step back in the history
  fresh.src = src;
  frame.replaceWith(fresh);
  const print = body.querySelector("a[href*='/html']:not([data-do])");
  if (print) print.href = src;
}
// What the address says goes before what is remembered.
function restore() {
  const body = document.querySelector("#message .body.html"), said = new URLSearchParams(location.search);
  if (!body) return;
  for (const name of SWITCHES) {
    const value = memory.get(`preview-${name}`);
    if (value && !said.has(name) && value !== (body.dataset[name] ?? PLAIN[name])) turn(body, name, value);
  }
}
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-switch]");
  if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  const { switch: name, value } = link.dataset, body = link.closest(".body");
  const wanted = value ?? (body.dataset[name] === "off" ? "on" : "off");
  memory.set(`preview-${name}`, wanted);
  turn(body, name, wanted);
  const here = new URL(location);
  if (here.searchParams.has(name)) { here.searchParams.delete(name); history.replaceState(history.state, "", here); }
});
const desk = document.querySelector(".desk");
if (desk) new MutationObserver(restore).observe(desk, { childList: true });
restore();

// ---- The value of one field; app.js copies what the button says
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-copy-field]");
  if (!button) return;
  const row = button.closest("div"), sent = document.querySelector("#as-sent:checked");
  button.dataset.copy = row.querySelector(sent ? ".sent" : ".decoded").textContent;
});

// ---- Test messages: the button says which
document.addEventListener("submit", async (event) => {
  const form = event.target, button = event.submitter;
  if (!form.matches(".test-messages")) return;
  event.preventDefault();
  if (!await act("test-message", new FormData(form, button))) return;
  if (!desk) { location.assign(base); return; }
  button?.classList.add("done");
  setTimeout(() => button?.classList.remove("done"), 1500);
});
