// Rows of a document: objectives, tasks, stages, periods. Added, split, doubled, moved by hand or by keys, removed with a
// way back. A row is known by its id; a move changes its order key and nothing else.
import { h, icon, newKey, rowName, toast } from "./dom.js";
import { control, grid, line, rich, ticks } from "./inputs.js";
import { between, ordered } from "./order.js";

const deepCopy = (value) => JSON.parse(JSON.stringify(value));

export class Rows {
  constructor(desk, field) {
    [this.desk, this.field, this.path] = [desk, field, [field.name]];
    this.made = new Map();
    this.list = h("div", { class: "rows" });
    this.empty = h("p", { class: "rows-empty" }, h("span", { class: "tian dash", "aria-hidden": "true" }), `${field.label}还空着，点“${this.addLabel}”写第一${this.counter}`);
    const add = h("button", { type: "button", class: "btn btn-line btn-sm", onclick: () => this.add() }, icon("plus"), this.addLabel);
    this.dom = h("div", { class: `rowset rowset-${field.name}` }, this.list, this.empty, h("div", { class: "rowset-foot" }, add, h("span", { class: "ink3 sm hide-phone" }, "Alt ↑ ↓ 移动")));
    desk.watchRows(field.name, () => this.sync());
    this.sync();
  }

  get isCounted() {
    return this.field.noun.includes("{}");
  }

  get counter() {
    return this.isCounted ? "行" : "个";
  }

  get addLabel() {
    return this.isCounted ? "加一行" : `添加${this.field.noun}`;
  }

  get rows() {
    return ordered(this.desk.store.get(this.path));
  }

  name(at) {
    return rowName(this.field.noun, at + 1);
  }

  /** Elements follow the store: made, removed, put in order; what is being written keeps its focus. */
  sync() {
    const rows = this.rows;
    const wanted = new Set(rows.map(([key]) => key));
    for (const [key, row] of this.made) {
      if (wanted.has(key)) continue;
      row.dom.remove();
      this.desk.dropFields([...this.path, key]);
      this.made.delete(key);
    }
    const focused = document.activeElement;
    rows.forEach(([key], at) => {
      if (!this.made.has(key)) this.made.set(key, this.make(key));
      const { dom } = this.made.get(key);
      if (this.list.children[at] !== dom) this.list.insertBefore(dom, this.list.children[at] ?? null);
    });
    if (focused && focused !== document.activeElement && this.list.contains(focused)) focused.focus({ preventScroll: true });
    rows.forEach(([key], at) => this.made.get(key).number(at));
    this.empty.hidden = rows.length > 0;
  }

  make(key) {
    const path = [...this.path, key];
    const names = this.field.fields.map((field) => field.name);
    const isStage = names.includes("teacher") && names.includes("pupils");
    const made = isStage ? this.stage(key, path) : this.card(key, path);
    made.dom.dataset.row = key;
    made.dom.addEventListener("keydown", (event) => this.keys(event, key));
    this.draggable(made, key);
    return made;
  }

  tools(key) {
    const tool = (sign, label, act) => h("button", { type: "button", class: "tool", "aria-label": label, title: label, onclick: act }, icon(sign));
    return h("span", { class: "rowtools-x", role: "group", "aria-label": "这一行" },
      tool("arrow-up", "上移", () => this.move(key, -1)), tool("arrow-down", "下移", () => this.move(key, 1)),
      tool("scissors", "从光标处拆成两行", () => this.split(key)), tool("copy", "复制一行", () => this.double(key)), tool("trash-2", "删除这一行", () => this.remove(key)));
  }

  grip() {
    return h("span", { class: "grip", draggable: "true", title: "拖动，或按 Alt ↑ ↓", "aria-hidden": "true" }, icon("grip-vertical"));
  }

  card(key, path) {
    const number = h("span", { class: "g" });
    const label = h("h3", { class: "row-h" });
    const dom = h("article", { class: "rowcard" }, h("div", { class: "row-no" }, this.grip(), number), h("div", { class: "row-body" }, h("div", { class: "row-top" }, label, this.tools(key)), grid(this.desk, this.field.fields, path), this.desk.adviceAt(path)));
    return {
      dom,
      number: (at) => {
        number.textContent = rowName("", at + 1);
        label.textContent = this.name(at);
      },
    };
  }

  /** A stage of the lesson: name, minutes and objectives; what the teacher does; what pupils do; the rest below. */
  stage(key, path) {
    const of = Object.fromEntries(this.field.fields.map((field) => [field.name, field]));
    const at = (name) => [...path, name];
    const number = h("span", { class: "no", "aria-hidden": "true" });
    const label = h("h3", { class: "sr" });
    const title = line(this.desk, of.title, at("title"));
    title.classList.add("st-title");
    const left = h("div", { class: "st-left" }, h("div", { class: "st-name" }, this.grip(), number, title), line(this.desk, of.minutes, at("minutes")), ticks(this.desk, of.objectives, at("objectives")), this.tools(key));
    const teacher = h("div", { class: "st-cell" }, rich(this.desk, of.teacher, at("teacher")), this.inset(of.question, at("question")));
    const pupils = h("div", { class: "st-cell" }, rich(this.desk, of.pupils, at("pupils")));
    const shown = new Set(["title", "minutes", "objectives", "teacher", "pupils", "question", "intent", "checkpoints"]);
    const below = h("div", { class: "st-below" }, ["intent", "checkpoints"].filter((name) => of[name]).map((name) => rich(this.desk, of[name], at(name))));
    const rest = this.field.fields.filter((field) => !shown.has(field.name));
    const held = rest.some((field) => this.desk.store.get(at(field.name)));
    const more = rest.length ? h("details", { class: "st-more", ...(held && { open: true }) }, h("summary", {}, icon("chevron-right"), rest.map((field) => field.label).join("、")), h("div", {}, rest.map((field) => control(this.desk, field, at(field.name))))) : null;
    const dom = h("article", { class: "stage" }, label, h("div", { class: "st-main" }, left, teacher, pupils), below, more, this.desk.adviceAt(path));
    return {
      dom,
      number: (place) => {
        number.textContent = rowName("", place + 1);
        label.textContent = this.name(place);
      },
    };
  }

  inset(field, path) {
    const made = rich(this.desk, field, path);
    made.classList.add("q-x");
    return made;
  }

  place(at) {
    const rows = this.rows;
    return between(rows[at - 1]?.[1].order ?? "", rows[at]?.[1].order ?? "");
  }

  put(key, row) {
    this.desk.store.set([...this.path, key], row);
  }

  focusRow(key) {
    const target = this.made.get(key)?.dom.querySelector("input:not([type=file]), .rich");
    target?.focus();
    target?.scrollIntoView({ block: "center" });
  }

  add() {
    const key = newKey();
    this.put(key, { order: this.place(this.rows.length) });
    this.focusRow(key);
  }

  double(key) {
    const at = this.rows.findIndex(([one]) => one === key);
    const fresh = newKey();
    this.put(fresh, { ...deepCopy(this.rows[at][1]), order: this.place(at + 1) });
    this.focusRow(fresh);
    this.desk.say(`已复制成${this.name(at + 1)}`);
  }

  /** What stands after the cursor goes into a new row behind this one. */
  split(key) {
    const at = this.rows.findIndex(([one]) => one === key);
    const field = this.desk.active;
    const cut = field && field.place.path[1] === key && field.place.path[0] === this.field.name ? field.cutAfter() : null;
    const fresh = newKey();
    const row = this.rows[at][1];
    this.desk.store.together(() => {
      const order = this.place(at + 1);
      const title = row.title ? { title: `${row.title}（续）` } : {};
      if (cut) this.desk.store.set(field.place.path, cut.before);
      this.put(fresh, { order, ...title, ...(row.objectives && { objectives: [...row.objectives] }), ...(cut && { [field.place.path[2]]: cut.after }) });
    });
    this.focusRow(fresh);
    this.desk.say(`已拆出${this.name(at + 1)}`);
  }

  remove(key) {
    const at = this.rows.findIndex(([one]) => one === key);
    const name = this.name(at);
    this.desk.store.set([...this.path, key], undefined);
    const next = this.rows[Math.min(at, this.rows.length - 1)];
    if (next) this.focusRow(next[0]);
    else this.dom.querySelector(".rowset-foot button").focus();
    toast(`已删除${name}`, { label: "撤销", act: () => this.desk.undo() });
  }

  move(key, step) {
    const rows = this.rows;
    const at = rows.findIndex(([one]) => one === key);
    const to = at + step;
    if (to < 0 || to >= rows.length) return this.desk.say(step < 0 ? "已经是第一行" : "已经是最后一行");
    return this.moveTo(key, to);
  }

  /** Stand at place `to` among the others. */
  moveTo(key, to) {
    const rest = this.rows.filter(([one]) => one !== key);
    const order = between(rest[to - 1]?.[1].order ?? "", rest[to]?.[1].order ?? "");
    this.desk.store.set([...this.path, key, "order"], order);
    this.desk.say(`移到${this.name(to)}`);
  }

  keys(event, key) {
    if (!event.altKey || event.ctrlKey || event.isComposing || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    this.move(key, event.key === "ArrowUp" ? -1 : 1);
    document.activeElement?.scrollIntoView?.({ block: "nearest" });
  }

  draggable(made, key) {
    const grip = made.dom.querySelector(".grip");
    grip.addEventListener("dragstart", (event) => {
      event.dataTransfer.setData("text/x-row", key);
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setDragImage(made.dom, 20, 20);
      this.dragged = key;
      made.dom.classList.add("dragged");
    });
    grip.addEventListener("dragend", () => {
      made.dom.classList.remove("dragged");
      this.list.querySelectorAll(".over, .under").forEach((one) => one.classList.remove("over", "under"));
      this.dragged = null;
    });
    made.dom.addEventListener("dragover", (event) => {
      if (!this.dragged || this.dragged === key) return;
      event.preventDefault();
      const box = made.dom.getBoundingClientRect();
      const after = event.clientY > box.top + box.height / 2;
      made.dom.classList.toggle("under", after);
      made.dom.classList.toggle("over", !after);
    });
    made.dom.addEventListener("dragleave", () => made.dom.classList.remove("over", "under"));
    made.dom.addEventListener("drop", (event) => {
      if (!this.dragged || this.dragged === key) return;
      event.preventDefault();
      event.stopPropagation();
      const rest = this.rows.filter(([one]) => one !== this.dragged).map(([one]) => one);
      this.moveTo(this.dragged, rest.indexOf(key) + (made.dom.classList.contains("under") ? 1 : 0));
    });
  }
}

