// Toasts stay six seconds, longer under the pointer or the focus. `announce` adds one from a script.
const STAY = 6000;

function leave(toast) {
  toast.classList.add("leaving");
  setTimeout(() => toast.remove(), 260);
}

function watch(toast) {
  let timer;
  const begin = () => (timer = setTimeout(() => leave(toast), STAY));
  const hold = () => clearTimeout(timer);
  for (const name of ["pointerenter", "focusin"]) toast.addEventListener(name, hold);
  for (const name of ["pointerleave", "focusout"]) toast.addEventListener(name, begin);
  toast.querySelector("[data-dismiss]")?.addEventListener("click", () => leave(toast));
  begin();
}

export function announce(text) {
  let host = document.querySelector(".toasts");
  if (!host) {
    host = Object.assign(document.createElement("div"), { className: "toasts" });
    host.setAttribute("role", "status");
    document.body.append(host);
  }
  const toast = Object.assign(document.createElement("div"), { className: "toast-x" });
  toast.append(Object.assign(document.createElement("span"), { textContent: text }));
  host.append(toast);
  watch(toast);
}

export function start() {
  document.querySelectorAll(".toasts [data-toast]").forEach(watch);
}
