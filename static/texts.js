// Every word that the script says, in English. A page in another language has another file of this shape; what the server
// draws has its words in the templates and in src/web/page.
const s = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;

export const TEXT = {
  // The list
  newMessages: (count) => s(count, "new message"),
  pill: (count, isMore) => `${count}${isMore ? "+" : ""} new`,
  older: "Older messages",
  plural: (count) => (count === 1 ? "" : "s"),
  selected: (count) => `${count} selected`,
  noSubject: "no subject",
  keptTitle: (size) => `Kept messages take ${size}; they are spared when the list is cleared and when memory is full`,
  keptMark: "Kept: spared when the list is cleared and when memory is full",
  keptWord: "Kept. ",
  memory: (used, budget) => `${used} of ${budget}`,
  // The message
  goneNote: "This message has been deleted. What is shown here is the last of it.",
  markRead: "Mark read",
  markUnread: "Mark unread",
  keep: "Keep",
  kept: "Kept",
  untag: (name) => `Take off the tag ${name}`,
  // Acts
  deleted: (count, spared) => `${s(count, "message")} deleted${spared ? `, ${s(spared, "kept message")} spared` : ""}`,
  restored: (count) => (count ? `${s(count, "message")} restored` : "It is too late to undo that."),
  undo: "Undo",
  undoTitle: "Undo (z)",
  refused: (status) => `That was refused (${status}).`,
  unreached: "That did not reach the server.",
  following: (on) => (on ? "The newest message opens as it comes." : "No message opens by itself any more."),
  // Live
  live: "Live",
  lost: "Server gone, retrying …",
  restarted: "Restante was started anew. It keeps mail in memory: what came before is gone.",
  // What this browser remembers
  theme: (name) => `Theme: ${{ system: "as the system", light: "light", dark: "dark" }[name]}`,
  notify: "Notify me of new mail",
  notifyBlocked: "Notifications are blocked by this browser's settings for this page",
  andMore: (subject) => `${subject}, and more`,
  saveSearch: "Save this search",
  forgetSearch: "Forget this search",
  forgetThat: (words) => `Forget the search ${words}`,
  // Ages
  now: "now",
  seconds: (count) => `${count} s`,
  minutes: (count) => `${count} min`,
  hours: (count) => `${count} h`,
  days: (count) => `${count} d`,
  // Keys and commands
  keys: {
    next: "Next message", previous: "Previous message", nextUnread: "Next unread message", previousUnread: "Previous unread message",
    open: "Open the message", tab: "A tab of the message", select: "Select, or not", done: "Done: mark read, go to the next",
    unread: "Mark unread, or read", keep: "Keep, or no longer", tag: "Tag", thread: "Its conversation", remove: "Delete", undo: "Undo the last delete",
    follow: "Follow: open the newest as it comes", search: "Search", inbox: "Go to the inbox", connections: "Go to the connections",
    setup: "Go to the set-up", api: "Go to the API", back: "Close, step back", palette: "Every command", help: "Keyboard shortcuts",
    theme: "Change the theme", dense: "Dense or roomy rows", side: "Show or hide the side",
  },
  or: " or ",
  to: " to ",
  goTo: (place) => `Go to ${place}`,
};
