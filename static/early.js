// Before the first paint, so that nothing jumps: what this browser remembers of the theme and of the walls.
(() => {
  const root = document.documentElement, get = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
  const theme = get("theme"), width = Number(get("list-width"));
  root.classList.add("with-js");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  if (get("density") === "dense") root.classList.add("dense");
  if (get("side") === "shut") root.classList.add("side-shut");
  if (width) root.style.setProperty("--list-width", `${width}px`);
})();
