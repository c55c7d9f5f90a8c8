// One stream of server-sent events for each address, however many listen.

const NAMES = ["row", "session", "gone", "mark", "keep", "tag", "stats", "reset", "reload"];
const RETRY = 2000;

export class Streams {
  #open = new Map();

  /** Hears what is said at `url` after the place `at`, until what this answers is called. */
  join(url, at, tell) {
    let stream = this.#open.get(url);
    if (stream) {
      stream.listeners.add(tell);
      if (stream.isOn) tell({ name: "on", at: stream.at });
      if (stream.counts) tell({ ...stream.counts, at: stream.at });
    } else { stream = { url, at, listeners: new Set([tell]) }; this.#open.set(url, stream); this.#connect(stream); }
    return () => {
      stream.listeners.delete(tell);
      if (stream.listeners.size || this.#open.get(url) !== stream) return;
      stream.source.close();
      clearTimeout(stream.again);
      this.#open.delete(url);
    };
  }

  #connect(stream) {
    const tell = (said) => { for (const listener of stream.listeners) listener(said); };
    // The browser names the last event when it comes back by itself; the first time, and when it gave up, we do.
    const source = stream.source = new EventSource(`${stream.url}${stream.url.includes("?") ? "&" : "?"}last=${stream.at}`);
    source.onopen = () => { stream.isOn = true; tell({ name: "on", at: stream.at }); };
    source.onerror = () => {
      stream.isOn = false;
      tell({ name: "off" });
      if (source.readyState === EventSource.CLOSED) stream.again = setTimeout(() => this.#connect(stream), RETRY);
    };
    for (const name of NAMES) source.addEventListener(name, (event) => {
      if (event.lastEventId) stream.at = event.lastEventId;
      const said = { name, data: event.data, at: stream.at };
      if (name === "stats") stream.counts = said; // for who joins later: the server says them first, and to this stream alone
      tell(said);
    });
  }
}
