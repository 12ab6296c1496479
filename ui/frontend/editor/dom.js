// Elements without a framework: h("p", {class: "x"}, "text", child). Properties that start with "on" are listeners.
const SVG = "http://www.w3.org/2000/svg";
let sprite = "";
let counter = 0;

export function useIcons(address) {
  sprite = address;
}

export function h(tag, attrs = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attrs)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else made.setAttribute(name, value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

export function icon(name, cls = "") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", `i ${cls}`.trim());
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}

export const newId = (prefix = "e") => `${prefix}-${(counter += 1)}`;

/** Ten letters and digits, as the server names its rows. */
export function newKey() {
  const signs = "0123456789abcdefghjkmnpqrstvwxyz";
  return [...crypto.getRandomValues(new Uint8Array(10))].map((byte) => signs[byte % 32]).join("");
}

/** A toast that stays six seconds; `action` is {label, act}. */
export function toast(text, action = null) {
  let host = document.querySelector(".toasts");
  if (!host) {
    host = h("div", { class: "toasts", role: "status" });
    document.body.append(host);
  }
  const made = h("div", { class: "toast-x" }, icon("check"), h("span", { class: "py-2" }, text));
  if (action) {
    const act = () => {
      made.remove();
      action.act();
    };
    made.append(h("span", { class: "acts" }, h("button", { type: "button", onclick: act }, action.label)));
  }
  let timer = 0;
  const begin = () => (timer = setTimeout(() => made.remove(), 6000));
  for (const name of ["pointerenter", "focusin"]) made.addEventListener(name, () => clearTimeout(timer));
  for (const name of ["pointerleave", "focusout"]) made.addEventListener(name, begin);
  begin();
  host.append(made);
}

const DIGITS = "零一二三四五六七八九";

/** 十二: rows are counted as printed plans count them. */
export function zh(number) {
  if (number > 99) return String(number);
  const [tens, ones] = [Math.floor(number / 10), number % 10];
  if (!tens) return DIGITS[ones];
  return `${tens > 1 ? DIGITS[tens] : ""}十${ones ? DIGITS[ones] : ""}`;
}

export const rowName = (noun, number) => (noun.includes("{}") ? noun.replace("{}", zh(number)) : `${noun}${zh(number)}`);
