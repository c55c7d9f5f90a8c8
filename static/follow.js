// What happens by itself when mail comes: the newest opens if one follows, and the system tells if one asked for it.
import { $, isOpened, memory, say } from "./core.js";
import { open } from "./pane.js";
import { TEXT } from "./texts.js";

const follower = $("[data-do=follow]"), bell = $("[data-do=notify]");
export function follow(wanted) {
  const on = wanted ?? follower?.getAttribute("aria-pressed") !== "true";
  if (wanted === undefined && follower) say(TEXT.following(on), { seconds: 4 }); // the menu that shows it may be shut
  memory.set("follow", on ? "on" : null);
  follower?.setAttribute("aria-pressed", on);
}
if (follower) follow(memory.get("follow") === "on");

const wants = () => memory.get("notify") === "on" && window.Notification?.permission === "granted";
function drawBell() {
  if (!bell) return;
  bell.hidden = !window.Notification;
  bell.setAttribute("aria-pressed", wants());
  bell.title = bell.ariaLabel = window.Notification?.permission === "denied" ? TEXT.notifyBlocked : TEXT.notify;
}
export async function notify() {
  if (wants()) memory.set("notify", null);
  else if (await Notification.requestPermission() === "granted") memory.set("notify", "on");
  drawBell();
}
drawBell();

let unseen = [], soon;
/** These rows have come and stand at the head of the list. */
export function afterArrival(fresh) {
  const newest = fresh.at(-1);
  if (follower?.getAttribute("aria-pressed") === "true") open(newest.dataset.id, { push: isOpened() ? "replace" : true });
  if (!document.hidden || !wants()) return;
  unseen.push(...fresh);
  clearTimeout(soon);
  soon = setTimeout(tell, 300);
}
function tell() {
  const rows = unseen.splice(0), row = rows.at(-1), words = (what) => $(what, row)?.textContent.replace(/\s+/g, " ").trim() ?? "";
  const one = rows.length === 1;
  // Several windows tell the same: one tag, one notification.
  const note = new Notification(one ? words(".subject") || TEXT.noSubject : TEXT.newMessages(rows.length), {
    tag: `restante-${row.dataset.id}`, icon: $("link[rel=icon]").href, body: one ? words(".who") : TEXT.andMore(words(".subject")),
  });
  note.onclick = () => { window.focus(); open(row.dataset.id); note.close(); };
}
