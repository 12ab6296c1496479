// The preparation room ([data-room]): selected words are remarked on where they stand, a line in the text and its card
// find each other, and cards stand at the height of their line. Without this the buttons lead to plain forms.
import { trap } from "./focus.js";

const BLOCKS = new Set(["P", "UL", "OL", "LI", "BLOCKQUOTE", "TABLE", "TBODY", "TR", "TD", "TH", "H4", "H5", "H6", "DIV"]);
const wide = () => window.matchMedia("(min-width: 992px)").matches;
const phone = () => window.matchMedia("(max-width: 575.98px)").matches;

// The field's text as the server counts it; `pieces` tells where each text node begins in it.
function lay(node, at, pieces) {
  if (node.nodeType === Node.TEXT_NODE) {
    pieces.push({ node, at });
    return node.data;
  }
  if (node.nodeType !== Node.ELEMENT_NODE || node.hasAttribute("data-skip")) return "";
  if (node.classList.contains("formula")) return node.dataset.latex ?? "";
  if (node.tagName === "BR") return "\n";
  if (node.tagName === "IMG") return node.alt;
  const apart = [...node.children].some((child) => BLOCKS.has(child.tagName));
  let text = "";
  for (const child of node.childNodes) {
    const gap = text && apart ? "\n" : "";
    const inner = lay(child, at + text.length + gap.length, pieces);
    if (inner) text += gap + inner;
  }
  return text;
}

const points = (text) => Array.from(text).length;

// What is selected inside one field: its path, the words, and their offset in code points.
function chosen() {
  const selection = document.getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const from = range.startContainer.nodeType === Node.TEXT_NODE ? range.startContainer.parentElement : range.startContainer;
  const field = from?.closest?.("[data-room] [data-path]");
  if (!field) return null;
  const pieces = [];
  const text = lay(field, 0, pieces);
  const inside = pieces.filter(({ node }) => range.intersectsNode(node));
  if (!inside.length) return null;
  const [first, last] = [inside[0], inside[inside.length - 1]];
  let start = first.at + (first.node === range.startContainer ? range.startOffset : 0);
  let end = last.at + (last.node === range.endContainer ? range.endOffset : last.node.length);
  while (start < end && /\s/.test(text[start])) start += 1;
  while (end > start && /\s/.test(text[end - 1])) end -= 1;
  if (start >= end) return null;
  return { field, at: field.dataset.path, quote: text.slice(start, end), start: points(text.slice(0, start)), box: range.getBoundingClientRect() };
}

function composer(room, place, opener) {
  document.querySelector("form.composer")?.closing();
  const form = document.getElementById("composer").content.firstElementChild.cloneNode(true);
  const release = { trap: () => {} };
  let veil;
  let frame = form;
  form.elements.at.value = place.at;
  const kept = form.querySelector("[data-quote-field]");
  if (place.quote) {
    form.elements.quote.value = place.quote;
    form.elements.start.value = place.start;
    const shown = form.querySelector("[data-quote]");
    shown.textContent = place.quote;
    shown.hidden = false;
  }
  kept.hidden = Boolean(place.quote) || !place.field;
  const kind = () => {
    const suggests = form.elements.kind.value === "suggestion";
    form.querySelector("[data-replacement]").hidden = !suggests;
    if (suggests && !form.elements.replacement.value) form.elements.replacement.value = form.elements.quote.value;
  };
  form.addEventListener("change", kind);
  form.closing = () => {
    release.trap();
    veil?.remove();
    frame.remove();
  };
  const close = () => {
    form.closing();
    opener?.isConnected && opener.focus();
  };
  form.querySelector("[data-close]").addEventListener("click", close);
  form.addEventListener("keydown", (event) => event.key === "Escape" && close());
  if (phone()) {
    frame = Object.assign(document.createElement("div"), { className: "from-below" });
    frame.append(form);
  }
  seat(room, frame, place);
  if (phone()) {
    veil = Object.assign(document.createElement("div"), { className: "veil" });
    veil.addEventListener("click", close);
    document.body.append(veil);
    frame.setAttribute("role", "dialog");
    frame.setAttribute("aria-label", "写批注");
    release.trap = trap(frame, close);
  }
  form.querySelector("[name=words]").focus({ preventScroll: phone() });
}

function seat(room, form, place) {
  const block = place.field?.closest("[data-block]") ?? place.opener?.closest("[data-block]");
  const margin = block?.querySelector("[data-margin]");
  if (margin && !phone()) margin.prepend(form);
  else if (phone()) document.body.append(form);
  else room.querySelector(".room-filter").after(form);
  height(block);
}

// Cards at the height of their line, each below the one before it.
function height(block) {
  if (!block) return;
  const cards = [...block.querySelectorAll("[data-margin] > *")];
  cards.forEach((card) => (card.style.marginTop = ""));
  if (!wide()) return;
  for (const card of cards) {
    const line = block.querySelector(`[data-line="${card.dataset.card}"]`);
    if (!line) continue;
    const below = line.getBoundingClientRect().top - card.getBoundingClientRect().top - 12;
    if (below > 0) card.style.marginTop = `${below + parseFloat(getComputedStyle(card).marginTop)}px`;
  }
}

function pair(room) {
  const lines = (card) => room.querySelectorAll(`[data-line="${card.dataset.card}"]`);
  const light = (card, on) => [card, ...lines(card)].forEach((one) => one.classList.toggle("lit", on));
  for (const card of room.querySelectorAll("[data-card]")) {
    for (const [event, on] of [["mouseenter", true], ["mouseleave", false], ["focusin", true], ["focusout", false]]) {
      card.addEventListener(event, () => light(card, on));
    }
  }
  room.addEventListener("click", (event) => {
    const line = event.target.closest("[data-line]");
    if (!line || event.target.closest("a") || !document.getSelection().isCollapsed) return;
    const card = document.getElementById(`remark-${line.dataset.line}`);
    card?.focus({ preventScroll: true });
    card?.scrollIntoView({ block: "nearest" });
  });
}

function offer(room) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-primary btn-sm write-here", textContent: "写批注", hidden: true });
  document.body.append(button);
  let found = null;
  let timer;
  const look = () => {
    found = chosen();
    button.hidden = !found;
    if (!found) return;
    button.style.left = `${Math.max(8, found.box.left + window.scrollX)}px`;
    button.style.top = `${found.box.bottom + window.scrollY + 6}px`;
  };
  document.addEventListener("selectionchange", () => {
    clearTimeout(timer);
    timer = setTimeout(look, 150);
  });
  button.addEventListener("mousedown", (event) => event.preventDefault());
  button.addEventListener("click", () => {
    if (!found) return;
    const place = found;
    document.getSelection().removeAllRanges();
    button.hidden = true;
    composer(room, place, place.field);
  });
}

export function start() {
  const room = document.querySelector("[data-room]");
  if (!room) return;
  pair(room);
  const all = () => room.querySelectorAll("[data-block]").forEach(height);
  all();
  window.addEventListener("resize", all);
  room.addEventListener("toggle", (event) => height(event.target.closest("[data-block]")), true);
  if (!document.getElementById("composer")) return;
  offer(room);
  room.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-write]");
    if (!opener || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const at = opener.dataset.write;
    composer(room, { at, field: room.querySelector(`[data-path="${CSS.escape(at)}"]`), opener }, opener);
  });
}
