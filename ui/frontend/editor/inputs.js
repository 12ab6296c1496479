// The controls of one field each: words, numbers, choices, names and references. Each follows the store and writes to it.
import { h, icon, newId, rowName } from "./dom.js";
import { ordered } from "./order.js";
import { RichField } from "./rich.js";

const TYPED = { competencies: "competencies", knowledge: "knowledge" };
const SEPARATORS = /[、,，;；\n]+/;

function labelled(field, control, id) {
  const unit = field.unit ? `（${field.unit}）` : "";
  const hint = field.hint ? h("div", { class: "hint", id: `${id}-hint` }, field.hint) : null;
  if (hint) control.setAttribute("aria-describedby", hint.id);
  return h("div", { class: `field f-${field.holds}`, "data-field": field.name }, h("label", { for: id }, `${field.label}${unit}`), control, hint);
}

/** Words or a number in one line. */
export function line(desk, field, path) {
  const id = newId("line");
  const isNumber = field.holds === "number";
  const control = h("input", { id, type: "text", autocomplete: "off", "data-path": path.join("."), ...(isNumber && { inputmode: field.halves ? "decimal" : "numeric", class: "num" }) });
  const show = () => (control.value = desk.store.get(path) ?? "");
  const error = h("div", { class: "err", role: "alert" });
  control.addEventListener("input", () => {
    const typed = control.value.trim();
    const wrong = isNumber && typed && !(field.halves ? /^\d{1,4}(\.\d)?$/ : /^\d{1,4}$/).test(typed);
    control.toggleAttribute("aria-invalid", wrong);
    if (wrong) control.setAttribute("aria-invalid", "true");
    error.replaceChildren(...(wrong ? [icon("circle-alert"), h("span", {}, `“${typed.slice(0, 20)}”不是${field.halves ? "数字" : "整数"}，请填数字，如 10`)] : []));
    if (!wrong) desk.store.set(path, isNumber ? (typed ? Number(typed) : null) : control.value, { source: control, merge: true });
  });
  control.addEventListener("beforeinput", (event) => desk.history(event));
  desk.store.watch(path, show, control);
  show();
  const dom = labelled(field, control, id);
  dom.append(error);
  return dom;
}

export function choice(desk, field, path) {
  const id = newId("choice");
  const control = h("select", { id, "data-path": path.join(".") }, h("option", { value: "" }, "不选"), field.choices.map((one) => h("option", { value: one }, one)));
  const show = () => (control.value = desk.store.get(path) ?? "");
  control.addEventListener("change", () => desk.store.set(path, control.value, { source: control }));
  desk.store.watch(path, show, control);
  show();
  return labelled(field, control, id);
}

/** References to rows of this document: each row is a button that is pressed or not. */
export function ticks(desk, field, path) {
  const target = field.target.slice(1);
  const noun = desk.fields.find((one) => one.name === target)?.noun ?? "";
  const label = newId("ticks");
  const host = h("div", { class: "ticks-x", role: "group", "aria-labelledby": label });
  const show = () => {
    const chosen = new Set(desk.store.get(path) ?? []);
    const rows = ordered(desk.store.get([target]));
    const focused = [...host.children].indexOf(document.activeElement);
    host.replaceChildren(...rows.map(([key], at) => h("button", { type: "button", class: "tick-x", "aria-pressed": String(chosen.has(key)), onclick: () => flip(key) }, rowName(noun, at + 1))));
    if (!rows.length) host.append(h("span", { class: "ink3 sm" }, `先写${noun}，这里就能选`));
    if (focused >= 0) host.children[focused]?.focus();
  };
  const flip = (key) => {
    const now = desk.store.get(path) ?? [];
    desk.store.set(path, now.includes(key) ? now.filter((one) => one !== key) : [...now, key]);
  };
  desk.store.watch(path, show);
  desk.watchRows(target, show);
  show();
  return h("div", { class: "field f-ticks", "data-field": field.name }, h("span", { class: "label", id: label }, field.label), host);
}

/** Names or references as chips, picked from a list while typing. */
export function chips(desk, field, path) {
  const id = newId("chips");
  const target = field.target || TYPED[field.name] || "";
  const isFree = field.holds === "names";
  const held = h("span", { class: "chips-x" });
  const list = h("ul", { class: "options", id: `${id}-list`, role: "listbox", "aria-label": `${field.label}可选`, hidden: true });
  const input = h("input", { id, class: "chip-input", type: "text", autocomplete: "off", "data-path": path.join("."), placeholder: isFree ? "输入后回车" : "输入几个字来找", ...(target && { role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list" }) });
  let [items, at, turn] = [[], -1, 0];
  const now = () => desk.store.get(path) ?? [];
  const close = () => {
    list.hidden = true;
    input.removeAttribute("aria-activedescendant");
    if (target) input.setAttribute("aria-expanded", "false");
  };
  const add = (values) => {
    const fresh = values.filter((value) => value && !now().includes(value));
    if (fresh.length) desk.store.set(path, [...now(), ...fresh]);
    input.value = "";
    close();
  };
  const remove = (value) => {
    desk.store.set(path, now().filter((one) => one !== value));
    input.focus();
  };
  const pick = (index) => {
    desk.names[items[index].value] ??= items[index].label;
    add([items[index].value]);
  };
  const mark = (next) => {
    at = next;
    [...list.children].forEach((one, index) => one.setAttribute("aria-selected", String(index === at)));
    if (at >= 0) input.setAttribute("aria-activedescendant", `${id}-${at}`);
    list.children[at]?.scrollIntoView({ block: "nearest" });
  };
  const look = async () => {
    if (!target) return;
    const mine = (turn += 1);
    const found = (await desk.suggest(target, input.value.trim())).filter((item) => !now().includes(item.value));
    if (mine !== turn || document.activeElement !== input) return;
    items = found;
    list.replaceChildren(...items.map((item, index) => h("li", { role: "option", id: `${id}-${index}`, onmousedown: (event) => { event.preventDefault(); pick(index); } }, h("span", {}, item.label), item.note ? h("span", { class: "ink3 sm" }, item.note) : null)));
    list.hidden = !items.length;
    input.setAttribute("aria-expanded", String(items.length > 0));
    mark(isFree || !items.length ? -1 : 0);
  };
  input.addEventListener("input", () => {
    if (isFree && SEPARATORS.test(input.value)) return add(input.value.split(SEPARATORS).map((part) => part.trim()));
    return look();
  });
  input.addEventListener("focus", look);
  input.addEventListener("blur", () => {
    if (isFree && input.value.trim()) add([input.value.trim()]);
    close();
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const open = !list.hidden && items.length;
    if (open && (event.key === "ArrowDown" || event.key === "ArrowUp") && !event.altKey) {
      event.preventDefault();
      mark((at + (event.key === "ArrowDown" ? 1 : items.length - (at < 0 ? 0 : 1)) + items.length) % items.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (open && at >= 0) pick(at);
      else if (isFree && input.value.trim()) add([input.value.trim()]);
    } else if (event.key === "Escape" && open) {
      event.stopPropagation();
      close();
    } else if (event.key === "Backspace" && !input.value && now().length) remove(now()[now().length - 1]);
  });
  const show = () => held.replaceChildren(...now().map((value) => h("span", { class: "chip-x" }, h("span", { class: "words" }, desk.names[value] ?? value), h("button", { type: "button", "aria-label": `去掉${desk.names[value] ?? value}`, onclick: () => remove(value) }, icon("x")))));
  desk.store.watch(path, show);
  show();
  const control = h("div", { class: "chipbox" }, held, input, list);
  return h("div", { class: `field f-${field.holds}`, "data-field": field.name }, h("label", { for: id }, field.label), control);
}

export function rich(desk, field, path, { bare = false, name = "" } = {}) {
  const label = newId("rich");
  const made = new RichField(desk, { path, label: name || field.label, ...(!bare && { labelledBy: label }) });
  desk.keepField(made);
  const hint = field.hint && !bare ? h("div", { class: "hint" }, field.hint) : null;
  return h("div", { class: "field f-rich", "data-field": field.name }, bare ? null : h("span", { class: "label", id: label }, field.label), made.host, hint);
}

/** The control of any field. */
export function control(desk, field, path, options = {}) {
  if (field.holds === "rich") return rich(desk, field, path, options);
  if (field.holds === "choice") return choice(desk, field, path);
  if (field.target?.startsWith("#")) return ticks(desk, field, path);
  if (field.holds === "names" || field.holds === "refs") return chips(desk, field, path);
  return line(desk, field, path);
}

/** Fields of a group or row in the order of the schema: what is short side by side, texts below each other. */
export function grid(desk, fields, path, options = {}) {
  const found = [];
  let beside = null;
  for (const field of fields) {
    const made = control(desk, field, [...path, field.name], options);
    if (field.holds === "rich") {
      found.push(made);
      beside = null;
      continue;
    }
    if (!beside) found.push((beside = h("div", { class: "shortgrid" })));
    beside.append(made);
  }
  return found;
}
