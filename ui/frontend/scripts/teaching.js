// [data-teach="selector"]: 上课. Each matching element becomes one screen in large type; arrow keys turn, Escape ends.
import { timer } from "./timer.js";

function button(text, name) {
  return Object.assign(document.createElement("button"), { type: "button", className: `btn ${name}`, textContent: text });
}

function scene(part) {
  const box = Object.assign(document.createElement("div"), { className: "scene", tabIndex: 0 });
  if (part.tagName === "TR") {
    for (const cell of part.querySelectorAll("td:not(.only-print), th:not(.only-print)")) {
      const copy = document.createElement("div");
      copy.append(...[...cell.childNodes].map((node) => node.cloneNode(true)));
      box.append(copy);
    }
  } else box.append(part.cloneNode(true));
  const minutes = Number.parseInt(box.querySelector(".min")?.textContent ?? "", 10);
  if (minutes) box.prepend(timer(minutes));
  box.querySelectorAll("[id]").forEach((one) => one.removeAttribute("id"));
  return box;
}

function open(opener) {
  const parts = [...document.querySelectorAll(opener.dataset.teach)].map(scene);
  if (!parts.length) return;
  const view = Object.assign(document.createElement("div"), { className: "teaching" });
  view.setAttribute("role", "dialog");
  view.setAttribute("aria-modal", "true");
  view.setAttribute("aria-label", "上课");
  const head = document.createElement("header");
  const foot = document.createElement("footer");
  const place = document.createElement("span");
  place.setAttribute("aria-live", "polite");
  const end = button("下课", "btn-quiet push");
  const back = button("上一环节", "btn-line");
  const next = button("下一环节", "btn-primary");
  head.append(Object.assign(document.createElement("b"), { textContent: opener.dataset.title || document.title }), end);
  foot.append(back, place, next);
  let at = 0;
  const show = (index) => {
    at = Math.min(Math.max(index, 0), parts.length - 1);
    view.replaceChildren(head, parts[at], foot);
    place.textContent = `${at + 1} / ${parts.length}`;
    back.disabled = at === 0;
    next.disabled = at === parts.length - 1;
    parts[at].focus();
  };
  const onKey = (event) => {
    if (["ArrowRight", "ArrowDown", "PageDown", " "].includes(event.key) && event.target.tagName !== "BUTTON") show(at + 1);
    else if (["ArrowLeft", "ArrowUp", "PageUp"].includes(event.key)) show(at - 1);
    else if (event.key === "ArrowRight") show(at + 1);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  };
  const close = () => {
    document.removeEventListener("keydown", onKey);
    document.removeEventListener("fullscreenchange", onScreen);
    document.body.classList.remove("is-teaching");
    if (document.fullscreenElement) document.exitFullscreen();
    view.remove();
    opener.focus();
  };
  const onScreen = () => {
    if (!document.fullscreenElement) close();
  };
  back.addEventListener("click", () => show(at - 1));
  next.addEventListener("click", () => show(at + 1));
  end.addEventListener("click", close);
  document.addEventListener("keydown", onKey);
  document.body.append(view);
  document.body.classList.add("is-teaching");
  show(0);
  view.requestFullscreen?.().then(() => document.addEventListener("fullscreenchange", onScreen), () => {});
}

export function start() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-teach]");
    if (opener) open(opener);
  });
}
