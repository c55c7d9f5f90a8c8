// How numbers and moments read, the same as in src/web/page/words.rs; times are in the browser's zone.
import { $, $$ } from "./core.js";
import { TEXT } from "./texts.js";

export function bytes(count) {
  if (count < 1024) return `${count} B`;
  const units = ["kB", "MB", "GB", "TB"];
  let value = count / 1024, unit = 0;
  while (value >= 999.5 && unit < 3) { value /= 1024; unit++; }
  return `${value < 9.95 ? value.toFixed(1) : value.toFixed(0)} ${units[unit]}`;
}
const lang = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
const form = (options) => new Intl.DateTimeFormat(lang, options);
const day = form({ day: "numeric", month: "short" }), hour = form({ hour: "2-digit", minute: "2-digit" });
const exact = form({ weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit", timeZoneName: "short" });
function age(date) {
  const seconds = Math.floor(Date.now() / 1000) - Math.floor(date / 1000);
  if (seconds < 5) return TEXT.now;
  if (seconds < 60) return TEXT.seconds(seconds);
  if (seconds < 3600) return TEXT.minutes(Math.floor(seconds / 60));
  if (seconds < 86400) return TEXT.hours(Math.floor(seconds / 3600));
  return seconds < 604800 ? TEXT.days(Math.floor(seconds / 86400)) : day.format(date);
}
/** The colour of a tag: the same for the same name in any case, here and in `words.rs`. */
export const hue = (name) => [...name.toLowerCase()].reduce((sum, char) => (sum * 31 + char.codePointAt(0)) % 997, 7) % 8;

export function times(within) {
  for (const time of $$("time", within)) {
    const date = new Date(time.dateTime);
    if (isNaN(date)) continue;
    if (!time.dataset.local) {
      time.dataset.local = "1";
      if ("exact" in time.dataset) time.textContent = exact.format(date); else time.title = exact.format(date);
    }
    if ("exact" in time.dataset) continue;
    const words = age(date);
    if (time.textContent !== words) time.textContent = words;
  }
  for (const mark of $$("[data-postmark]", within)) {
    const date = new Date(mark.dataset.postmark), [upper, lower] = $$("text:not(.rim)", mark);
    if (!isNaN(date) && lower) { upper.textContent = day.format(date).toUpperCase(); lower.textContent = hour.format(date); }
  }
}
times(document);
setInterval(() => document.hidden || times($("#rows") ?? document), 5000);
document.addEventListener("visibilitychange", () => document.hidden || times(document));
