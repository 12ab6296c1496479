// 查找和替换 over the whole document: every field in reading order, words and rich text alike.
import { h, icon, newId } from "./dom.js";
import { ordered } from "./order.js";
import { fromStored, toStored } from "./schema.js";
import { EditorState } from "prosemirror-state";

/** Places of `words` in a document node: [from, to] each. A match lies within one paragraph. */
function inDoc(doc, words) {
  const found = [];
  doc.descendants((node, at) => {
    if (!node.isTextblock) return true;
    const text = node.textBetween(0, node.content.size, null, "\ufffc");
    for (let from = text.indexOf(words); from >= 0; from = text.indexOf(words, from + words.length)) found.push([at + 1 + from, at + 1 + from + words.length]);
    return false;
  });
  return found;
}

function* leaves(fields, value, path) {
  for (const field of fields) {
    const [here, held] = [[...path, field.name], value?.[field.name]];
    if (held === undefined) continue;
    if (field.holds === "rows") for (const [key, row] of ordered(held)) yield* leaves(field.fields, row, [...here, key]);
    else if (field.holds === "group") yield* leaves(field.fields, held, here);
    else if (field.holds === "text" || field.holds === "rich") yield { path: here, rich: field.holds === "rich", value: held };
  }
}

/** Every place of `words`: {path, rich, from, to}. */
export function places(desk, words) {
  if (!words) return [];
  const found = [];
  for (const leaf of leaves(desk.fields, desk.store.data, [])) {
    if (leaf.rich) for (const [from, to] of inDoc(fromStored(leaf.value), words)) found.push({ ...leaf, from, to });
    else for (let from = leaf.value.indexOf(words); from >= 0; from = leaf.value.indexOf(words, from + words.length)) found.push({ ...leaf, from, to: from + words.length });
  }
  return found;
}

function replaced(leaf, spans, words) {
  if (!leaf.rich) return spans.reduceRight((text, [from, to]) => text.slice(0, from) + words + text.slice(to), leaf.value);
  const { tr } = EditorState.create({ doc: fromStored(leaf.value) });
  for (const [from, to] of [...spans].reverse()) words ? tr.insertText(words, from, to) : tr.delete(from, to);
  return toStored(tr.doc);
}

export class Find {
  constructor(desk) {
    this.desk = desk;
    this.at = -1;
    const [one, other] = [newId("find"), newId("with")];
    this.words = h("input", { id: one, type: "text", class: "input" });
    this.with = h("input", { id: other, type: "text", class: "input" });
    this.count = h("span", { class: "ink3 sm", role: "status" });
    const button = (label, act) => h("button", { type: "button", class: "btn btn-line btn-sm", onclick: act }, label);
    this.dom = h("div", { class: "findbar", role: "search", "aria-label": "查找和替换", hidden: true },
      h("div", { class: "field" }, h("label", { for: one }, "查找"), this.words), button("下一处", () => this.next()),
      h("div", { class: "field" }, h("label", { for: other }, "换成"), this.with), button("替换", () => this.replaceOne()), button("全部替换", () => this.replaceAll()), this.count,
      h("button", { type: "button", class: "tool", "aria-label": "收起查找", onclick: () => this.close() }, icon("x")));
    this.words.addEventListener("input", () => this.look());
    this.dom.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
      else if (event.key === "Enter" && event.target.matches("input") && !event.isComposing) {
        event.preventDefault();
        this.next(true);
      }
    });
  }

  open() {
    this.dom.hidden = false;
    const chosen = String(window.getSelection() ?? "").trim();
    if (chosen && chosen.length < 40 && !chosen.includes("\n")) this.words.value = chosen;
    this.words.focus();
    this.words.select();
    this.look();
  }

  close() {
    this.dom.hidden = true;
    this.desk.active?.focus();
  }

  look() {
    this.found = places(this.desk, this.words.value);
    this.at = -1;
    this.count.textContent = this.words.value ? `${this.found.length} 处` : "";
  }

  next(stays = false) {
    this.found = places(this.desk, this.words.value);
    if (!this.found.length) {
      this.count.textContent = this.words.value ? "没有找到" : "";
      return;
    }
    this.at = (this.at + 1) % this.found.length;
    this.count.textContent = `第 ${this.at + 1} 处，共 ${this.found.length} 处`;
    this.desk.reveal(this.found[this.at]);
    if (stays) this.words.focus();
  }

  replaceOne() {
    const place = this.found?.[this.at];
    if (!place) return this.next();
    this.desk.store.set(place.path, replaced(place, [[place.from, place.to]], this.with.value));
    this.at -= 1;
    return this.next();
  }

  replaceAll() {
    const found = places(this.desk, this.words.value);
    const byPath = new Map();
    for (const place of found) byPath.set(place.path.join("/"), [...(byPath.get(place.path.join("/")) ?? []), place]);
    this.desk.store.together(() => {
      for (const group of byPath.values()) this.desk.store.set(group[0].path, replaced(group[0], group.map(({ from, to }) => [from, to]), this.with.value));
    });
    this.look();
    this.count.textContent = `换了 ${found.length} 处`;
  }
}
