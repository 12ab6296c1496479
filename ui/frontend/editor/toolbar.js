// The tools of the field that is being written, over the whole document: one bar, always in the same place.
import { setBlockType, toggleMark, wrapIn, lift } from "prosemirror-commands";
import { Selection } from "prosemirror-state";
import { wrapInList, liftListItem } from "prosemirror-schema-list";
import { addColumnAfter, addRowAfter, deleteColumn, deleteRow, deleteTable, isInTable, mergeCells, splitCell, toggleHeaderRow } from "prosemirror-tables";
import { editFormula } from "./atoms.js";
import { h, icon } from "./dom.js";
import { askFormula } from "./formula.js";
import { schema } from "./schema.js";

const { nodes, marks } = schema;

const within = (state, type) => {
  for (let depth = state.selection.$from.depth; depth > 0; depth -= 1) if (state.selection.$from.node(depth).type === type) return true;
  return false;
};
const marked = (state, mark) => {
  const { from, to, empty, $from } = state.selection;
  return empty ? Boolean(mark.isInSet(state.storedMarks ?? $from.marks())) : state.doc.rangeHasMark(from, to, mark);
};
const toggle = (type, on, off) => (state, dispatch, view) => (within(state, type) ? off : on)(state, dispatch, view);

const table = (state, dispatch) => {
  const cell = (type) => type.createAndFill();
  const row = (type) => nodes.table_row.create(null, [0, 1, 2].map(() => cell(type)));
  const tr = state.tr.replaceSelectionWith(nodes.table.create(null, [0, 1, 2].map(() => row(nodes.table_cell))));
  let first = -1;
  tr.doc.nodesBetween(0, tr.selection.to, (node, at) => {
    if (node.type === nodes.table) first = at;
  });
  if (first >= 0) tr.setSelection(Selection.near(tr.doc.resolve(first + 1)));
  dispatch?.(tr.scrollIntoView());
  return true;
};

const mark = (name, icon_, label, keys = "") => ({ name, icon: icon_, label, keys, run: toggleMark(marks[name]), on: (state) => marked(state, marks[name]) });

const TOOLS = [
  [
    mark("strong", "bold", "加粗", "Ctrl+B"), mark("underline", "underline", "下划线", "Ctrl+U"), mark("emphasis_dots", "着重", "着重号", "Ctrl+."),
    mark("superscript", "superscript", "上标"), mark("subscript", "subscript", "下标"), mark("strike", "strikethrough", "删除线"),
  ],
  [
    { icon: "heading", label: "小标题", run: (state, dispatch) => setBlockType(within(state, nodes.heading) ? nodes.paragraph : nodes.heading)(state, dispatch), on: (state) => within(state, nodes.heading) },
    { icon: "list", label: "列表", run: toggle(nodes.bullet_list, wrapInList(nodes.bullet_list), liftListItem(nodes.list_item)), on: (state) => within(state, nodes.bullet_list) },
    { icon: "list-ordered", label: "编号", run: toggle(nodes.ordered_list, wrapInList(nodes.ordered_list), liftListItem(nodes.list_item)), on: (state) => within(state, nodes.ordered_list) },
    { icon: "quote", label: "引文", run: toggle(nodes.blockquote, wrapIn(nodes.blockquote), lift), on: (state) => within(state, nodes.blockquote) },
  ],
];

/** A cell with a list or a picture cannot be a head; the row then stays as it is. */
const headRow = (state, dispatch) => {
  try {
    return toggleHeaderRow(state, dispatch);
  } catch {
    return false;
  }
};

const CELLS = [["表头", headRow], ["加一行", addRowAfter], ["加一列", addColumnAfter], ["删这行", deleteRow], ["删这列", deleteColumn], ["合并格", mergeCells], ["拆分格", splitCell], ["删表格", deleteTable]];

export class Toolbar {
  constructor(desk) {
    this.desk = desk;
    this.buttons = [];
    const groups = TOOLS.map((tools) => h("span", { class: "tools" }, tools.map((tool) => this.tool(tool))));
    const chosen = h("input", { type: "file", accept: "image/*", multiple: true, class: "sr", tabindex: "-1", "aria-hidden": "true" });
    chosen.addEventListener("change", () => {
      desk.active?.insertPictures([...chosen.files]);
      chosen.value = "";
    });
    const things = h("span", { class: "tools" },
      this.plain("table-2", "表格", () => desk.active?.run(table)),
      this.plain("image", "图片", () => chosen.click()),
      this.plain("sigma", "公式", () => this.formula()),
      this.plain("at-sign", "链接资源或课", () => desk.active?.run((state, dispatch) => dispatch(state.tr.insertText("@")))),
      chosen);
    this.cells = h("span", { class: "tools cells", hidden: true }, CELLS.map(([label, command]) => this.worded(label, () => desk.active?.run(command))));
    this.back = this.plain("undo-2", "撤销", () => desk.undo(), "Ctrl+Z");
    this.forth = this.plain("redo-2", "重做", () => desk.redo(), "Ctrl+Y");
    const whole = h("span", { class: "tools" }, this.back, this.forth, this.plain("search", "查找和替换", () => desk.find(), "Ctrl+H"));
    this.dom = h("div", { class: "toolbar", role: "toolbar", "aria-label": "文字工具" }, whole, ...groups, things, this.cells);
    this.dom.addEventListener("mousedown", (event) => event.target.closest("button") && event.preventDefault());
    this.dom.addEventListener("keydown", (event) => this.walk(event));
    this.dom.querySelectorAll("button").forEach((button, at) => (button.tabIndex = at ? -1 : 0));
  }

  plain(sign, label, act, keys = "") {
    return h("button", { type: "button", class: "tool", "aria-label": label, title: keys ? `${label} ${keys}` : label, onclick: act }, /^[a-z]/.test(sign) ? icon(sign) : sign);
  }

  worded(label, act) {
    return h("button", { type: "button", class: "tool worded", onclick: act }, label);
  }

  tool(tool) {
    const button = this.plain(tool.icon, tool.label, () => this.desk.active?.run(tool.run), tool.keys);
    button.setAttribute("aria-pressed", "false");
    this.buttons.push([button, tool]);
    return button;
  }

  /** Arrow keys walk the bar, as in every toolbar. */
  walk(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const all = [...this.dom.querySelectorAll("button")].filter((button) => button.offsetParent);
    const next = all[(all.indexOf(document.activeElement) + step + all.length) % all.length];
    all.forEach((button) => (button.tabIndex = button === next ? 0 : -1));
    next.focus();
    event.preventDefault();
  }

  async formula() {
    const field = this.desk.active;
    if (!field) return;
    const view = field.mount();
    const node = view.state.selection.node;
    if (node?.type.name.startsWith("formula")) return editFormula(view, view.state.selection.from);
    const found = await askFormula();
    if (found) {
      const alone = found.block && !within(view.state, nodes.heading);
      field.run((state, dispatch) => dispatch(state.tr.replaceSelectionWith(nodes[alone ? "formula_block" : "formula"].create({ latex: found.latex })).scrollIntoView()));
    } else view.focus();
  }

  /** Show what holds at the cursor. */
  update() {
    const state = this.desk.active?.view?.state;
    for (const [button, tool] of this.buttons) button.setAttribute("aria-pressed", String(Boolean(state && tool.on(state))));
    this.cells.hidden = !(state && isInTable(state));
    const { done, undone } = this.desk.store;
    this.back.setAttribute("aria-disabled", String(!done.length));
    this.forth.setAttribute("aria-disabled", String(!undone.length));
  }
}
