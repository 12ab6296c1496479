// @ and a few characters: resources and lessons to link to, picked with the arrow keys.
import { Plugin, PluginKey } from "prosemirror-state";
import { h, newId } from "./dom.js";

const KEY = new PluginKey("mention");
const LONGEST = 20;

/** The words after the last @ before the cursor, or null. */
function asked(state) {
  const { $from, empty } = state.selection;
  if (!empty || !$from.parent.inlineContent || $from.parent.type.name === "heading") return null;
  const before = $from.parent.textBetween(Math.max(0, $from.parentOffset - LONGEST), $from.parentOffset, null, "\ufffc");
  const found = /(?:^|[^A-Za-z0-9])@([^@\s\ufffc，。；]{0,18})$/.exec(before);
  return found ? { from: $from.pos - found[1].length - 1, to: $from.pos, words: found[1] } : null;
}

class Menu {
  constructor(view, suggest) {
    [this.view, this.suggest] = [view, suggest];
    this.items = [];
    this.id = newId("mention");
    this.list = h("ul", { class: "options mention", id: this.id, role: "listbox", "aria-label": "链接到" });
    this.wanted = null;
    this.closed = null;
  }

  update(view) {
    const now = view.hasFocus() ? asked(view.state) : null;
    if (!now || this.closed === now.from) return this.hide(Boolean(now));
    if (this.wanted && this.wanted.words === now.words && this.wanted.from === now.from) return null;
    this.wanted = now;
    return this.fetch(now);
  }

  async fetch(now) {
    const found = await Promise.all(["resource", "node"].map(async (target) => (await this.suggest(target, now.words)).slice(0, 5).map((item) => ({ ...item, target }))));
    if (this.wanted !== now) return;
    this.items = found.flat();
    this.at = 0;
    this.show();
  }

  show() {
    if (!this.items.length) return this.list.remove();
    this.list.replaceChildren(...this.items.map((item, at) => h("li", { role: "option", id: `${this.id}-${at}`, "aria-selected": String(at === this.at), onmousedown: (event) => { event.preventDefault(); this.pick(at); } },
      h("span", {}, item.label), h("span", { class: "ink3 sm" }, item.note))));
    const place = this.view.coordsAtPos(this.wanted.from);
    this.list.style.left = `${Math.min(place.left, window.innerWidth - 340) + window.scrollX}px`;
    this.list.style.top = `${place.bottom + 4 + window.scrollY}px`;
    if (!this.list.isConnected) document.querySelector("main").append(this.list);
    this.view.dom.setAttribute("aria-controls", this.id);
    this.view.dom.setAttribute("aria-activedescendant", `${this.id}-${this.at}`);
  }

  hide(still) {
    if (!still) this.closed = null;
    this.wanted = null;
    if (!this.list.isConnected) return;
    this.list.remove();
    this.view.dom.removeAttribute("aria-controls");
    this.view.dom.removeAttribute("aria-activedescendant");
  }

  pick(at) {
    const item = this.items[at];
    const { from, to } = this.wanted;
    const card = this.view.state.schema.nodes.link_card.create({ target: item.target, uid: item.value, title: item.label });
    this.view.dispatch(this.view.state.tr.replaceWith(from, to, card).insertText(" ").scrollIntoView());
    this.view.focus();
  }

  key(event) {
    if (!this.list.isConnected) return false;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      this.at = (this.at + (event.key === "ArrowDown" ? 1 : this.items.length - 1)) % this.items.length;
      this.show();
      return true;
    }
    if (event.key === "Enter" || event.key === "Tab") {
      this.pick(this.at);
      return true;
    }
    if (event.key !== "Escape") return false;
    this.closed = this.wanted.from;
    this.hide(true);
    return true;
  }

  destroy() {
    this.list.remove();
  }
}

export function mentions(suggest) {
  let menu = null;
  return new Plugin({
    key: KEY,
    view: (view) => (menu = new Menu(view, suggest)),
    props: { handleKeyDown: (view, event) => menu?.key(event) ?? false, handleDOMEvents: { blur: () => { setTimeout(() => menu?.hide(false), 150); } } },
  });
}
