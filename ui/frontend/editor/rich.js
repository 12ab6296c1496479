// One rich text field. Until it is entered it is plain HTML; the editor behind it starts when the pointer or the focus
// comes, so that a page of a hundred fields opens at once. The history is the store's: one over the whole document.
import { baseKeymap, chainCommands, exitCode, toggleMark } from "prosemirror-commands";
import { dropCursor } from "prosemirror-dropcursor";
import { gapCursor } from "prosemirror-gapcursor";
import { inputRules, wrappingInputRule } from "prosemirror-inputrules";
import { keymap } from "prosemirror-keymap";
import { DOMSerializer } from "prosemirror-model";
import { liftListItem, sinkListItem, splitListItem } from "prosemirror-schema-list";
import { EditorState, Plugin, TextSelection } from "prosemirror-state";
import { goToNextCell, tableEditing } from "prosemirror-tables";
import { EditorView } from "prosemirror-view";
import { nodeViews, openChosen } from "./atoms.js";
import { h, toast } from "./dom.js";
import { drawIn } from "./katex.js";
import { mentions } from "./mention.js";
import { cleaned } from "./paste.js";
import { hold, sendAll } from "./pictures.js";
import { fromStored, schema, toStored } from "./schema.js";
import { isEmpty } from "./store.js";

const { nodes, marks } = schema;
const OUTSIDE = "outside";
const serializer = DOMSerializer.fromSchema(schema);

const breakLine = chainCommands(exitCode, (state, dispatch) => {
  if (state.selection.$from.parent.type.name === "heading") return false;
  dispatch?.(state.tr.replaceSelectionWith(nodes.hard_break.create()).scrollIntoView());
  return true;
});

const keys = keymap({
  "Mod-b": toggleMark(marks.strong),
  "Mod-u": toggleMark(marks.underline),
  "Mod-.": toggleMark(marks.emphasis_dots),
  Enter: chainCommands(openChosen, splitListItem(nodes.list_item)),
  "Shift-Enter": breakLine,
  Tab: chainCommands(goToNextCell(1), sinkListItem(nodes.list_item)),
  "Shift-Tab": chainCommands(goToNextCell(-1), liftListItem(nodes.list_item)),
});

const CLOSED = new Set(["table", "image", "formula_block"]);

/** There is always a line to write on below a table or a picture. */
const lastLine = new Plugin({
  appendTransaction: (transactions, before, state) =>
    transactions.some((tr) => tr.docChanged) && CLOSED.has(state.doc.lastChild.type.name) ? state.tr.insert(state.doc.content.size, nodes.paragraph.create()).setMeta("addToHistory", false) : null,
});

const rules = inputRules({
  rules: [
    wrappingInputRule(/^\s*[-•·]\s$/, nodes.bullet_list),
    wrappingInputRule(/^(\d{1,3})[.、．]\s$/, nodes.ordered_list, (found) => ({ start: Number(found[1]) }), (found, node) => node.childCount + node.attrs.start === Number(found[1])),
    wrappingInputRule(/^\s*>\s$/, nodes.blockquote),
  ],
});

export class RichField {
  /** `place`: {path, label, labelledBy, hint}; `desk`: what all fields share. */
  constructor(desk, place) {
    [this.desk, this.place] = [desk, place];
    this.view = null;
    this.host = h("div", { class: "rich", role: "textbox", "aria-multiline": "true", tabindex: "0", contenteditable: "true", ...this.names(), "data-path": place.path.join(".") });
    this.host.addEventListener("pointerdown", () => this.mount(), { once: true });
    this.host.addEventListener("focus", () => this.mount(), { once: true });
    this.host.addEventListener("focusin", () => desk.enter(this));
    this.show();
    this.stop = desk.store.watch(place.path, () => this.take(), this);
  }

  names() {
    return this.place.labelledBy ? { "aria-labelledby": this.place.labelledBy } : { "aria-label": this.place.label };
  }

  get stored() {
    return this.desk.store.get(this.place.path);
  }

  show() {
    const doc = fromStored(this.stored);
    this.host.replaceChildren(serializer.serializeFragment(doc.content));
    this.host.classList.toggle("empty", isEmpty(this.stored));
    drawIn(this.host);
  }

  mount() {
    if (this.view) return this.view;
    const state = EditorState.create({
      doc: fromStored(this.stored),
      plugins: [rules, lastLine, mentions(this.desk.suggest), keys, keymap(baseKeymap), tableEditing(), dropCursor({ color: "#1a6286", width: 2 }), gapCursor()],
    });
    this.view = new EditorView({ mount: this.host }, {
      state,
      nodeViews,
      attributes: () => ({ class: `rich${isEmpty(this.stored) ? " empty" : ""}`, role: "textbox", "aria-multiline": "true", tabindex: "0", "data-path": this.place.path.join("."), ...this.names() }),
      dispatchTransaction: (tr) => this.dispatch(tr),
      transformPastedHTML: (html) => this.clean(html),
      handlePaste: (view, event) => this.paste(event),
      handleDrop: (view, event) => this.drop(event),
      handleDOMEvents: { beforeinput: (view, event) => this.desk.history(event), paste: (view, event) => this.arrive(event) },
    });
    return this.view;
  }

  dispatch(tr) {
    this.view.updateState(this.view.state.apply(tr));
    if (tr.docChanged && !tr.getMeta(OUTSIDE)) {
      this.desk.store.set(this.place.path, toStored(this.view.state.doc), { source: this, merge: !tr.getMeta("paste") });
      this.view.setProps({});
    }
    if (tr.docChanged) sendAll(this.view, this.desk.upload);
    if (this.desk.active === this) this.desk.moved();
  }

  /** Something else changed this field: only what differs is replaced, so that the cursor stays. */
  take() {
    if (!this.view) return this.show();
    const next = fromStored(this.stored);
    const { doc } = this.view.state;
    const start = doc.content.findDiffStart(next.content);
    if (start === null) return;
    let { a, b } = doc.content.findDiffEnd(next.content);
    const overlap = start - Math.min(a, b);
    if (overlap > 0) [a, b] = [a + overlap, b + overlap];
    this.view.dispatch(this.view.state.tr.replace(start, a, next.slice(start, b)).setMeta(OUTSIDE, true));
    this.view.setProps({});
  }

  clean(html) {
    const found = cleaned(html, this.files ?? []);
    if (found.left) toast(`有 ${found.left} 张图片没有带过来。请在原文里单独复制那张图，再粘贴`);
    return found.html;
  }

  /** Before the words are read: what came with them. */
  arrive(event) {
    this.files = [...(event.clipboardData?.files ?? [])];
    return false;
  }

  paste(event) {
    const data = event.clipboardData;
    const images = this.files.filter((file) => file.type.startsWith("image/"));
    const wordy = data?.getData("text/html") ?? "";
    if (images.length && !/<(p|table|h\d|li|td)\b/i.test(wordy)) {
      this.insertPictures(images);
      return true;
    }
    return false;
  }

  drop(event) {
    const images = [...(event.dataTransfer?.files ?? [])].filter((file) => file.type.startsWith("image/"));
    if (!images.length) return false;
    event.preventDefault();
    const at = this.view.posAtCoords({ left: event.clientX, top: event.clientY });
    if (at) this.view.dispatch(this.view.state.tr.setSelection(TextSelection.near(this.view.state.doc.resolve(at.pos))));
    this.insertPictures(images);
    return true;
  }

  insertPictures(files) {
    const view = this.mount();
    for (const file of files) {
      const name = file.name && !/^image\.\w+$/.test(file.name) ? file.name : `图片.${file.type.split("/")[1]?.replace("jpeg", "jpg") ?? "png"}`;
      view.dispatch(view.state.tr.replaceSelectionWith(nodes.image.create({ waits: hold(file, name) })).scrollIntoView());
    }
  }

  run(command) {
    const view = this.mount();
    command(view.state, (tr) => view.dispatch(tr), view);
    view.focus();
  }

  focus(atEnd = false) {
    const view = this.mount();
    if (atEnd) view.dispatch(view.state.tr.setSelection(TextSelection.atEnd(view.state.doc)));
    view.focus();
  }

  /** Show a stretch of this field as found. */
  select(from, to) {
    const view = this.mount();
    view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, from, to)).scrollIntoView());
    view.focus();
  }

  /** Cut at the cursor: what stands after it leaves, as a stored value. */
  cutAfter() {
    if (!this.view) return null;
    const { doc, selection } = this.view.state;
    const after = doc.cut(selection.to);
    const rest = toStored(after);
    if (isEmpty(rest)) return null;
    return { before: toStored(doc.cut(0, selection.to)), after: rest };
  }

  destroy() {
    this.stop();
    this.view?.destroy();
  }
}
