// [data-sheet-open="id"] opens #id[data-sheet] from below on a phone (facets). Escape, the veil and [data-sheet-close] close it.
import { trap } from "./focus.js";

export function start() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-sheet-open]");
    if (opener) open(document.getElementById(opener.dataset.sheetOpen), opener);
  });
}

function open(sheet, opener) {
  const veil = Object.assign(document.createElement("div"), { className: "veil" });
  const close = () => {
    release();
    sheet.classList.remove("open");
    sheet.removeAttribute("role");
    veil.remove();
    opener.setAttribute("aria-expanded", "false");
    opener.focus();
  };
  sheet.classList.add("open");
  sheet.setAttribute("role", "dialog");
  opener.setAttribute("aria-expanded", "true");
  document.body.append(veil);
  veil.addEventListener("click", close, { once: true });
  sheet.querySelectorAll("[data-sheet-close]").forEach((button) => button.addEventListener("click", close, { once: true }));
  const release = trap(sheet, close);
}
