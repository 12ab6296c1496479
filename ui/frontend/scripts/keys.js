// Single keys on pages that are worked through: [data-key] is pressed, [data-key-focus] is entered, and in a
// [data-key-list] j and k walk the links. Never while something is typed; one button switches them off for good.
const STORE = "single-keys";

function isOff() {
  try { return localStorage.getItem(STORE) === "off"; } catch { return false; }
}

function typing(target) {
  return target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]") !== null;
}

function walk(key) {
  const links = [...document.querySelectorAll("[data-key-list] :is(h2, h3) a")];
  if (!links.length || !"jk".includes(key)) return false;
  const at = links.indexOf(document.activeElement);
  const next = key === "j" ? Math.min(at + 1, links.length - 1) : Math.max(at - 1, 0);
  links[next].focus();
  return true;
}

function press(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || typing(event.target) || isOff()) return;
  const key = event.key.toLowerCase();
  if (!/^[a-z]$/.test(key)) return;
  const pressed = document.querySelector(`[data-key="${key}"]`);
  const entered = document.querySelector(`[data-key-focus="${key}"] :is(input, textarea, select)`);
  if (pressed) pressed.click();
  else if (entered) entered.focus();
  else if (!walk(key)) return;
  event.preventDefault();
}

function show(button) {
  button.textContent = isOff() ? "单键操作：关" : "单键操作：开";
  button.setAttribute("aria-pressed", String(!isOff()));
}

export function start() {
  const button = document.querySelector("[data-keys-toggle]");
  if (!button) return;
  show(button);
  button.addEventListener("click", () => {
    try { localStorage.setItem(STORE, isOff() ? "on" : "off"); } catch { /* without storage the keys stay on */ }
    show(button);
  });
  document.addEventListener("keydown", press);
}
