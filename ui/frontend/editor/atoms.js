// How formulas, pictures and links to resources stand in the text while it is written.
import { NodeSelection } from "prosemirror-state";
import { h, icon } from "./dom.js";
import { askFormula } from "./formula.js";
import { draw } from "./katex.js";
import { shownSource } from "./pictures.js";

class Formula {
  constructor(node, view, getPos) {
    this.node = node;
    this.dom = h(node.isInline ? "span" : "div", { class: "formula-atom" });
    this.dom.addEventListener("dblclick", () => editFormula(view, getPos()));
    this.show();
  }

  show() {
    const place = h(this.node.isInline ? "span" : "div", { class: "formula", "data-latex": this.node.attrs.latex }, h("code", {}, this.node.attrs.latex));
    this.dom.replaceChildren(place);
    draw([place]);
  }

  update(node) {
    if (node.type !== this.node.type) return false;
    const same = node.attrs.latex === this.node.attrs.latex;
    this.node = node;
    if (!same) this.show();
    return true;
  }

  selectNode() {
    this.dom.classList.add("chosen");
  }

  deselectNode() {
    this.dom.classList.remove("chosen");
  }

  ignoreMutation() {
    return true;
  }
}

/** Change the formula at `at`. */
export async function editFormula(view, at) {
  const node = view.state.doc.nodeAt(at);
  const found = await askFormula({ latex: node.attrs.latex, block: !node.isInline });
  if (!found) return view.focus();
  const type = view.state.schema.nodes[node.type.name];
  view.dispatch(view.state.tr.setNodeMarkup(at, type, { latex: found.latex }));
  view.focus();
}

class Picture {
  constructor(node, view, getPos) {
    [this.view, this.getPos] = [view, getPos];
    this.image = h("img", { class: "picture-shown", draggable: "false" });
    this.alt = h("input", { class: "picture-alt", "aria-label": "图片说明，给看不见图的人", placeholder: "图片说明", maxlength: "200" });
    this.alt.addEventListener("change", () => this.set({ alt: this.alt.value.trim() }));
    this.alt.addEventListener("keydown", (event) => event.key === "Enter" && (event.preventDefault(), view.focus()));
    const sizes = [["小", 240], ["中", 480], ["大", 720]].map(([label, width]) => h("button", { type: "button", class: "tool", "aria-label": `图片${label}`, onclick: () => this.set({ width }) }, label));
    const away = h("button", { type: "button", class: "tool", "aria-label": "删除图片", onclick: () => this.remove() }, icon("trash-2"));
    this.corner = h("span", { class: "picture-corner", "aria-hidden": "true" });
    this.corner.addEventListener("pointerdown", (event) => this.drag(event));
    this.dom = h("figure", { class: "picture-atom" }, h("span", { class: "picture-frame" }, this.image, this.corner), h("span", { class: "picture-tools" }, this.alt, ...sizes, away));
    this.update(node);
  }

  set(attrs) {
    const at = this.getPos();
    if (at !== undefined) this.view.dispatch(this.view.state.tr.setNodeMarkup(at, null, { ...this.node.attrs, ...attrs }));
  }

  remove() {
    const at = this.getPos();
    this.view.dispatch(this.view.state.tr.delete(at, at + this.node.nodeSize));
    this.view.focus();
  }

  drag(event) {
    event.preventDefault();
    const [from, wide] = [event.clientX, this.image.getBoundingClientRect().width];
    const move = (at) => (this.image.style.width = `${Math.round(Math.max(60, Math.min(1000, wide + at.clientX - from)))}px`);
    const end = () => {
      document.removeEventListener("pointermove", move);
      this.set({ width: Math.round(this.image.getBoundingClientRect().width) });
    };
    document.addEventListener("pointermove", move);
    document.addEventListener("pointerup", end, { once: true });
  }

  update(node) {
    if (node.type.name !== "image") return false;
    this.node = node;
    const source = shownSource(node.attrs);
    if (this.image.getAttribute("src") !== source) this.image.setAttribute("src", source);
    this.image.alt = node.attrs.alt ?? "";
    this.image.style.width = node.attrs.width ? `${node.attrs.width}px` : "";
    if (document.activeElement !== this.alt) this.alt.value = node.attrs.alt ?? "";
    this.dom.classList.toggle("waiting", !node.attrs.file);
    return true;
  }

  selectNode() {
    this.dom.classList.add("chosen");
  }

  deselectNode() {
    this.dom.classList.remove("chosen");
  }

  stopEvent(event) {
    return event.target !== this.image;
  }

  ignoreMutation() {
    return true;
  }
}

class LinkCard {
  constructor(node) {
    this.dom = h("span", { class: "link-card" }, icon(node.attrs.target === "node" ? "book-open" : "link"), node.attrs.title);
  }

  ignoreMutation() {
    return true;
  }
}

export const nodeViews = {
  formula: (...given) => new Formula(...given),
  formula_block: (...given) => new Formula(...given),
  image: (...given) => new Picture(...given),
  link_card: (node) => new LinkCard(node),
};

/** Enter on a chosen formula opens it. */
export function openChosen(state, dispatch, view) {
  const { selection } = state;
  if (!(selection instanceof NodeSelection) || !selection.node.type.name.startsWith("formula")) return false;
  if (view) editFormula(view, selection.from);
  return true;
}
