// The closed list of library/documents/rich.py as a ProseMirror schema: the same names, so the stored JSON is the
// editor's own. `toStored` leaves out what the list does not know.
import { Schema } from "prosemirror-model";

const span = (dom, name) => Math.max(1, Math.min(1000, Number(dom.getAttribute(name)) || 1));
const cellAttrs = { colspan: { default: 1 }, rowspan: { default: 1 }, colwidth: { default: null } };
const cellRule = (tag) => ({ tag, getAttrs: (dom) => ({ colspan: span(dom, "colspan"), rowspan: span(dom, "rowspan") }) });
const cellDom = (tag) => (node) => [tag, { ...(node.attrs.colspan > 1 && { colspan: node.attrs.colspan }), ...(node.attrs.rowspan > 1 && { rowspan: node.attrs.rowspan }) }, 0];
const formulaDom = (tag) => (node) => [tag, { class: "formula", "data-latex": node.attrs.latex }, ["code", node.attrs.latex]];
const formulaRule = (tag) => ({ tag: `${tag}.formula[data-latex]`, getAttrs: (dom) => ({ latex: dom.getAttribute("data-latex") }) });
const CELL = "(paragraph | bullet_list | ordered_list | image | formula_block)+";

const nodes = {
  doc: { content: "block+" },
  paragraph: { content: "inline*", group: "block", parseDOM: [{ tag: "p" }], toDOM: () => ["p", 0] },
  heading: {
    attrs: { level: { default: 1 } },
    content: "(text | formula)*",
    group: "block",
    defining: true,
    parseDOM: [1, 2, 3, 4, 5, 6].map((n) => ({ tag: `h${n}`, attrs: { level: n < 3 ? 1 : n < 5 ? 2 : 3 } })),
    toDOM: (node) => [`h${Math.min(6, 3 + node.attrs.level)}`, 0],
  },
  bullet_list: { content: "list_item+", group: "block", parseDOM: [{ tag: "ul" }], toDOM: () => ["ul", 0] },
  ordered_list: {
    attrs: { start: { default: 1 } },
    content: "list_item+",
    group: "block",
    parseDOM: [{ tag: "ol", getAttrs: (dom) => ({ start: Math.max(1, Number(dom.getAttribute("start")) || 1) }) }],
    toDOM: (node) => ["ol", node.attrs.start > 1 ? { start: node.attrs.start } : {}, 0],
  },
  list_item: { content: "paragraph (paragraph | bullet_list | ordered_list | image | formula_block)*", defining: true, parseDOM: [{ tag: "li" }], toDOM: () => ["li", 0] },
  blockquote: { content: "paragraph+", group: "block", defining: true, parseDOM: [{ tag: "blockquote" }], toDOM: () => ["blockquote", 0] },
  table: { content: "table_row+", group: "block", tableRole: "table", isolating: true, parseDOM: [{ tag: "table" }], toDOM: () => ["table", { class: "table" }, ["tbody", 0]] },
  table_row: { content: "(table_cell | table_header)*", tableRole: "row", parseDOM: [{ tag: "tr" }], toDOM: () => ["tr", 0] },
  table_cell: { attrs: cellAttrs, content: CELL, tableRole: "cell", isolating: true, parseDOM: [cellRule("td")], toDOM: cellDom("td") },
  table_header: { attrs: cellAttrs, content: "paragraph+", tableRole: "header_cell", isolating: true, parseDOM: [cellRule("th")], toDOM: cellDom("th") },
  image: {
    attrs: { file: { default: "" }, alt: { default: "" }, width: { default: null }, waits: { default: "" } },
    group: "block",
    draggable: true,
    parseDOM: [
      { tag: "img[data-waits]", getAttrs: (dom) => ({ waits: dom.getAttribute("data-waits"), alt: dom.getAttribute("alt") ?? "" }) },
      { tag: "img[data-file]", getAttrs: (dom) => ({ file: dom.getAttribute("data-file"), alt: dom.getAttribute("alt") ?? "", width: Number(dom.getAttribute("width")) || null }) },
    ],
    toDOM: (node) => ["img", { "data-file": node.attrs.file, src: `/f/${node.attrs.file}/picture`, alt: node.attrs.alt ?? "", ...(node.attrs.width && { width: node.attrs.width }) }],
  },
  formula_block: { attrs: { latex: { default: "" } }, group: "block", atom: true, parseDOM: [formulaRule("div")], toDOM: formulaDom("div") },
  text: { group: "inline" },
  hard_break: { group: "inline", inline: true, selectable: false, parseDOM: [{ tag: "br" }], toDOM: () => ["br"] },
  formula: { attrs: { latex: { default: "" } }, group: "inline", inline: true, atom: true, parseDOM: [formulaRule("span")], toDOM: formulaDom("span") },
  link_card: {
    attrs: { target: { default: "resource" }, uid: { default: "" }, title: { default: "" } },
    group: "inline",
    inline: true,
    atom: true,
    parseDOM: [{ tag: "a[data-uid]", getAttrs: (dom) => ({ target: dom.getAttribute("data-target"), uid: dom.getAttribute("data-uid"), title: dom.textContent }) }],
    toDOM: (node) => ["a", { class: "link-card", "data-target": node.attrs.target, "data-uid": node.attrs.uid, href: `${node.attrs.target === "node" ? "/k/" : "/r/"}${node.attrs.uid}/` }, node.attrs.title],
  },
};

const mark = (tags, dom) => ({ parseDOM: tags, toDOM: () => [dom, 0] });
const bold = (value) => /^(bold(er)?|[6-9]\d{2})$/.test(value) && null;
const marks = {
  strong: mark([{ tag: "strong" }, { tag: "b", getAttrs: (dom) => dom.style.fontWeight !== "normal" && null }, { style: "font-weight", getAttrs: bold }], "strong"),
  underline: mark([{ tag: "u" }, { style: "text-decoration", getAttrs: (value) => value.includes("underline") && null }], "u"),
  emphasis_dots: mark([{ tag: "em" }, { tag: "i" }, { style: "text-emphasis-style", getAttrs: (value) => value !== "none" && null }], "em"),
  subscript: { ...mark([{ tag: "sub" }, { style: "vertical-align=sub" }], "sub"), excludes: "superscript" },
  superscript: { ...mark([{ tag: "sup" }, { style: "vertical-align=super" }], "sup"), excludes: "subscript" },
  strike: mark([{ tag: "s" }, { tag: "del" }, { tag: "strike" }, { style: "text-decoration", getAttrs: (value) => value.includes("line-through") && null }], "s"),
};

export const schema = new Schema({ nodes, marks });

const KEPT = {
  heading: ["level"], image: ["file", "alt", "width"], formula: ["latex"], formula_block: ["latex"],
  link_card: ["target", "uid", "title"], table_cell: ["colspan", "rowspan"], table_header: ["colspan", "rowspan"], ordered_list: ["start"],
};
const DEFAULTS = { colspan: 1, rowspan: 1, start: 1 };

function stored(node) {
  if (node.type.name === "image" && !node.attrs.file) return null;
  const made = { type: node.type.name };
  const attrs = {};
  for (const name of KEPT[made.type] ?? []) {
    const value = node.attrs[name];
    if (value !== null && value !== "" && value !== DEFAULTS[name]) attrs[name] = value;
  }
  if (Object.keys(attrs).length) made.attrs = attrs;
  if (node.isText) made.text = node.text;
  if (node.marks.length) made.marks = node.marks.map((one) => ({ type: one.type.name }));
  const content = [];
  node.forEach((child) => {
    const kept = stored(child);
    if (kept) content.push(kept);
  });
  if (content.length) made.content = content;
  return made;
}

/** A document node as it is stored; an empty line alone, or below a table or picture, is nothing. */
export function toStored(doc) {
  const made = { type: "doc", content: stored(doc).content ?? [] };
  const last = made.content[made.content.length - 1];
  const before = made.content[made.content.length - 2];
  if (last?.type === "paragraph" && !last.content && (!before || ["table", "image", "formula_block"].includes(before.type))) made.content.pop();
  return made;
}

/** What is stored as a document node. Every stored shape of the closed list fits; a cell without content gets a paragraph. */
export function fromStored(value) {
  if (!value?.content?.length) return schema.node("doc", null, [schema.node("paragraph")]);
  return schema.nodeFromJSON(filled(value));
}

const NEEDS = new Set(["table_cell", "table_header", "list_item", "blockquote"]);

function filled(node) {
  const content = (node.content ?? []).map(filled);
  if (NEEDS.has(node.type) && !content.length) content.push({ type: "paragraph" });
  if (node.type === "list_item" && content[0].type !== "paragraph") content.unshift({ type: "paragraph" });
  const { attrs, ...rest } = node;
  const known = attrs && Object.fromEntries(Object.entries(attrs).filter(([, value]) => value !== null));
  return { ...rest, ...(known && { attrs: known }), ...(content.length && { content }) };
}

