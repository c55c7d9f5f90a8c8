// Keeps the page true: hears the stream, and draws what it says once a frame, however much that is.
import { $, base, list, say, tail } from "./core.js";
import { Streams } from "./stream.js";
import { BURST, change, insert, insertSession, isFetching, reload, remember, stats } from "./list.js";
import { TEXT } from "./texts.js";

let at = document.body.dataset.at; // the place in the store's sequence up to which this page knows all
let isLost = false;
const run = (place) => place?.slice(0, place.lastIndexOf("-"));

function state(name, words) {
  const live = $("#live");
  live.className = `live ${name}`;
  if (live.textContent !== words) live.textContent = words;
}

function hear({ name, data, at: place }) {
  if (name === "on") {
    state("on", TEXT.live);
    // A stream that others listened to already may be further on than this page, or not as far.
    if (place !== at) reload();
    isLost = false;
    return;
  }
  if (name === "off") {
    if (!isLost) state("lost", TEXT.lost);
    isLost = true;
    return;
  }
  if (place && run(place) !== run(at) && at) say(TEXT.restarted);
  at = place ?? at;
  if (name === "reload") location.reload(); // debug builds: a static file has changed
  waiting.push([name, data]);
  soon();
}

const url = `${base}live${tail()}`;
let leave;
function connect() {
  const alone = () => { leave = new Streams().join(url, at, hear); };
  if (!window.SharedWorker) { alone(); return; }
  const worker = new SharedWorker(new URL("worker.js", import.meta.url), { type: "module", name: "restante" }), { port } = worker;
  worker.onerror = alone; // a browser may have such workers, and none of modules
  port.onmessage = ({ data }) => hear(data);
  port.postMessage({ url: new URL(url, location).href, at });
  leave = () => { port.postMessage(null); port.close(); };
}

// ---- Drawing
const waiting = [];
let drawing = false;
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
    if (isFetching()) remember(name, data);
    if (name === "row") { if (!burst) fresh.push(data); continue; }
    if (name === "stats") { last = data; continue; }
    put();
    if (name === "session") insertSession(data);
    if (name === "reset") reload();
    if (["gone", "mark", "keep", "tag"].includes(name)) change(name, JSON.parse(data));
  }
  put();
  if (burst) reload();
  if (last) stats(JSON.parse(last));
}

export function begin() {
  if (!list) return;
  connect();
  addEventListener("pagehide", () => leave());
  addEventListener("pageshow", (event) => { if (event.persisted) connect(); });
}
