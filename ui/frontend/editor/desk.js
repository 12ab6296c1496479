// The page: outline, bar of state and tools, a card for each section. What all of its parts share is here.
import { get, post } from "./asking.js";
import { decide } from "./conflict.js";
import { h, icon, toast, zh } from "./dom.js";
import { Find } from "./find.js";
import { control, grid } from "./inputs.js";
import { Minutes } from "./minutes.js";
import { Outline } from "./outline.js";
import { Rows } from "./rows.js";
import { TITLE } from "./store.js";
import { Toolbar } from "./toolbar.js";

const SIGNS = { saved: "cloud-check", dirty: "pencil", busy: "loader", offline: "wifi-off", conflict: "git-merge", "signed-out": "log-in", refused: "lock", unusable: "circle-alert", down: "cloud-off" };
const QUIET = new Set(["saved", "dirty", "busy"]);
const COUNT_MS = 700;

export class Desk {
  constructor(store, start) {
    [this.store, this.start, this.fields, this.names, this.label] = [store, start, start.fields, start.names, start.label];
    this.rich = new Map();
    this.advised = [];
    this.active = null;
    this.suggest = async (target, words) => (await get(`${start.urls.suggest}?target=${target}&q=${encodeURIComponent(words)}`)).items ?? [];
    this.upload = (blob, name) => {
      const form = new FormData();
      form.append("picture", blob, name);
      return post(start.urls.picture, form);
    };
  }

  build(saver) {
    this.saver = saver;
    this.toolbar = new Toolbar(this);
    this.finder = new Find(this);
    this.outline = new Outline(this);
    this.state = h("span", { class: "state", role: "status" });
    this.strip = h("div", { class: "strip-x", role: "alert", hidden: true });
    this.voice = h("div", { class: "sr", role: "status" });
    const sections = this.fields.map((field, at) => this.section(field, at));
    const bar = h("div", { class: "deskbar" }, h("div", { class: "deskbar-row" }, this.state, this.toolbar.dom), this.finder.dom);
    this.dom = h("div", { class: "desk-grid" }, this.outline.dom, h("div", { class: "sheet deskpage" }, bar, this.strip, this.titleField(), sections), this.voice);
    this.outline.follow(sections);
    this.told(this.start);
    this.store.listen(() => this.later());
    this.count();
    document.addEventListener("keydown", (event) => this.keys(event));
    return this.dom;
  }

  titleField() {
    const input = h("input", { id: "desk-title", class: "desk-title", type: "text", maxlength: "120", autocomplete: "off", "data-path": TITLE });
    const show = () => {
      input.value = this.store.title;
      const head = document.querySelector("[data-title]");
      if (head) head.textContent = this.store.title;
    };
    input.addEventListener("input", () => {
      this.store.set([TITLE], input.value, { source: input, merge: true });
      document.querySelector("[data-title]").textContent = input.value;
    });
    input.addEventListener("beforeinput", (event) => this.history(event));
    this.store.watch([TITLE], show, input);
    show();
    return h("div", { class: "titlecard field" }, h("label", { for: "desk-title" }, this.start.kind === "lesson_design" ? "课题" : "标题"), input);
  }

  section(field, at) {
    const head = h("div", { class: "cardhead" }, h("h2", { id: `h-${field.name}` }, h("span", { class: "no" }, zh(at + 1)), field.label));
    const body = this.body(field, head);
    return h("section", { class: `card-x card-${field.name}`, id: `s-${field.name}`, "aria-labelledby": `h-${field.name}`, tabindex: "-1" }, head, body, this.adviceAt([field.name]));
  }

  body(field, head) {
    if (this.start.forms[field.name]) return h("p", {}, h("a", { class: "btn btn-line", href: this.start.forms[field.name] }, icon("external-link"), `去编${field.label}`));
    if (field.hint && field.holds !== "rich") head.append(h("span", { class: "ink3 sm" }, field.hint));
    if (field.holds === "rows") {
      const timed = field.fields.some((one) => one.name === "minutes") && field.fields.some((one) => one.name === "title");
      const minutes = timed ? new Minutes(this, field) : null;
      if (minutes) head.append(minutes.total);
      return h("div", {}, minutes?.dom, new Rows(this, field).dom);
    }
    if (field.holds === "group") return h("div", { class: "groupbody" }, grid(this, field.fields, [field.name]));
    return control(this, field, [field.name], { bare: field.holds === "rich", name: field.label });
  }

  /** A place for advice about a path, beside what it speaks of. */
  adviceAt(path) {
    const dom = h("div", { class: "advice" });
    this.advised.push({ path, dom });
    this.showAdvice?.();
    return dom;
  }

  /** The stored text has changed: how full it is, and what to look at. */
  told(told) {
    this.outline.update(told);
    this.showAdvice = () => {
      for (const { path, dom } of this.advised) {
        const own = told.advice.filter((one) => this.belongs(one.path, path));
        const words = own.map((one) => one.sentence).join("\n");
        if (dom.dataset.words === words) continue;
        dom.dataset.words = words;
        dom.replaceChildren(...own.map((one) => h("p", { class: "note h" }, icon("triangle-alert"), h("span", {}, one.sentence))));
      }
    };
    this.showAdvice();
  }

  /** Advice stands at the row it speaks of where there is one, else at its section. */
  belongs(spoken, path) {
    const isRow = this.advised.some((one) => one.path.length === 2 && one.path[0] === spoken[0] && one.path[1] === spoken[1]);
    return path.length === 2 ? spoken[0] === path[0] && spoken[1] === path[1] : spoken[0] === path[0] && !isRow;
  }

  show(state, words) {
    if (this.state.dataset.state === state && this.state.dataset.words === words) return;
    Object.assign(this.state.dataset, { state, words });
    this.state.replaceChildren(icon(SIGNS[state]), h("span", {}, QUIET.has(state) ? words : "还没有保存"));
    this.strip.hidden = QUIET.has(state);
    if (QUIET.has(state)) return this.strip.replaceChildren();
    const tone = state === "offline" || state === "down" || state === "conflict" ? "h" : "j";
    const way = state === "signed-out" ? h("a", { href: this.start.sign_in, target: "_blank", rel: "opener", class: "btn btn-line btn-sm" }, "在新页登录") : h("button", { type: "button", class: "btn btn-line btn-sm", onclick: () => this.saver.save() }, "再试一次");
    return this.strip.replaceChildren(h("div", { class: `note ${tone}` }, icon(SIGNS[state]), h("div", { class: "grow" }, words), state === "conflict" ? null : way));
  }

  say(words) {
    this.voice.textContent = words;
  }

  took(by, places) {
    toast(`${by}改过的 ${places.length} 处已经合进来，你写的都在`);
  }

  decide(answer) {
    return decide(this, answer);
  }

  /** A field that could not be kept. */
  wrong(path) {
    const target = this.target(path);
    target?.setAttribute("aria-invalid", "true");
    target?.addEventListener("input", () => target.removeAttribute("aria-invalid"), { once: true });
  }

  target(path) {
    for (let length = path.length; length > 0; length -= 1) {
      const found = this.dom.querySelector(`[data-path="${CSS.escape(path.slice(0, length).join("."))}"]`);
      if (found) return found;
    }
    return document.getElementById(`s-${path[0]}`);
  }

  keepField(field) {
    this.rich.set(field.place.path.join("."), field);
  }

  dropFields(path) {
    const prefix = `${path.join(".")}.`;
    for (const [key, field] of this.rich) {
      if (!key.startsWith(prefix)) continue;
      field.destroy();
      if (this.active === field) this.active = null;
      this.rich.delete(key);
    }
    this.advised = this.advised.filter((one) => one.path.join(".") !== path.join("."));
  }

  watchRows(name, act) {
    this.store.watch([name], (path) => (path.length < 3 || path[2] === "order") && act());
  }

  enter(field) {
    this.active = field;
    this.moved();
  }

  moved() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      this.toolbar.update();
    });
  }

  later() {
    this.moved();
    clearTimeout(this.counter);
    this.counter = setTimeout(() => this.count(), COUNT_MS);
  }

  count() {
    let count = 0;
    const add = (value) => {
      if (typeof value === "string") count += value.replace(/\s/g, "").length;
      else if (value && typeof value === "object") for (const inner of Object.values(value)) add(inner);
    };
    const text = (value) => (value?.type === "text" ? add(value.text) : value?.attrs?.latex ? add(value.attrs.latex) : (value?.content ?? []).forEach(text));
    const walk = (fields, value) => {
      for (const field of fields) {
        const held = value?.[field.name];
        if (!held) continue;
        if (field.holds === "rich") text(held);
        else if (field.holds === "rows") Object.values(held).forEach((row) => walk(field.fields, row));
        else if (field.holds === "group") walk(field.fields, held);
        else if (field.holds !== "refs" && field.holds !== "number") add(held);
      }
    };
    walk(this.fields, this.store.data);
    this.outline.words(count);
  }

  undo() {
    this.after(this.store.undo());
  }

  redo() {
    this.after(this.store.redo());
  }

  after(path) {
    if (!path) return;
    const target = this.target(path);
    if (target && !target.contains(document.activeElement)) target.focus();
  }

  /** The browser's own undo knows one field only; ours is asked instead. */
  history(event) {
    if (event.inputType !== "historyUndo" && event.inputType !== "historyRedo") return false;
    event.preventDefault();
    if (event.inputType === "historyUndo") this.undo();
    else this.redo();
    return true;
  }

  find() {
    this.finder.open();
  }

  reveal(place) {
    if (place.rich) return this.rich.get(place.path.join("."))?.select(place.from, place.to);
    const input = this.target(place.path);
    input?.focus();
    return input?.setSelectionRange?.(place.from, place.to);
  }

  keys(event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
    const act = { z: () => (event.shiftKey ? this.redo() : this.undo()), y: () => this.redo(), h: () => this.find(), s: () => this.saver.save() }[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  }
}
