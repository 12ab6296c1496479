// 并排看看: each place that two people changed, with both texts; one is chosen, or both stay.
import { DOMSerializer } from "prosemirror-model";
import { h, icon } from "./dom.js";
import { drawIn } from "./katex.js";
import { fromStored, schema } from "./schema.js";
import { isEmpty } from "./store.js";

const serializer = DOMSerializer.fromSchema(schema);

function shown(value, desk) {
  if (value === null || value === undefined) return h("p", { class: "ink3" }, "（没有，或者删去了）");
  if (typeof value !== "object") return h("p", {}, String(value));
  if (Array.isArray(value)) return h("p", {}, value.map((one) => desk.names[one] ?? one).join("、"));
  if (value.type === "doc") {
    const made = h("div", { class: "read" });
    made.append(serializer.serializeFragment(fromStored(value).content));
    drawIn(made);
    return isEmpty(value) ? h("p", { class: "ink3" }, "（空）") : made;
  }
  return h("div", {}, Object.entries(value).filter(([name]) => name !== "order").map(([, inner]) => shown(inner, desk)));
}

const isDoc = (value) => value && typeof value === "object" && value.type === "doc";
const isWords = (value) => typeof value === "string" && value;

/** Both texts in one, where that has a meaning. */
function both(conflict) {
  const { mine, theirs } = conflict;
  if (isDoc(mine) && isDoc(theirs)) return { type: "doc", content: [...(mine.content ?? []), ...(theirs.content ?? [])] };
  if (Array.isArray(mine) && Array.isArray(theirs)) return [...new Set([...mine, ...theirs])];
  if (isWords(mine) && isWords(theirs) && conflict.path[conflict.path.length - 1] !== "order") return `${mine}；${theirs}`;
  return undefined;
}

/** Ask about every conflict; the choices are in the text when the promise is kept. */
export function decide(desk, answer) {
  return new Promise((done) => {
    const open = new Set(answer.conflicts.map((one) => one.path.join("/")));
    const left = h("span", { "aria-live": "polite" });
    const finish = h("button", { type: "button", class: "btn btn-primary", onclick: () => open.size || close() }, "合好了，保存");
    const count = () => {
      left.textContent = open.size ? `还有 ${open.size} 处没选` : "都选好了";
      finish.setAttribute("aria-disabled", String(open.size > 0));
    };
    const close = () => {
      panel.remove();
      done();
    };
    const parts = answer.conflicts.map((conflict) => part(desk, conflict, answer.by, () => {
      open.delete(conflict.path.join("/"));
      count();
    }));
    const panel = h("section", { class: "sheet meets", "aria-label": "并排看看", tabindex: "-1" },
      h("div", { class: "pad-s" }, h("h2", { class: "title" }, "并排看看"), h("p", { class: "ink2" }, `你写的时候，${answer.by}也保存了这份${desk.label}。别的改动已经合在一起，下面 ${answer.conflicts.length} 处两边都改过，两份都在，选好再保存。`)),
      parts, h("div", { class: "formacts pad-s" }, finish, left));
    desk.dom.before(panel);
    count();
    panel.scrollIntoView({ block: "start" });
    panel.focus({ preventScroll: true });
  });
}

function part(desk, conflict, by, chosen) {
  const joined = both(conflict);
  const isMove = conflict.path[conflict.path.length - 1] === "order";
  const ways = [["用我的", conflict.mine], [`用${by}的`, conflict.theirs], ...(joined === undefined ? [] : [["两边都留", joined]])];
  const buttons = ways.map(([label, value]) => h("button", { type: "button", class: "btn btn-line btn-sm", "aria-pressed": "false", onclick: (event) => {
    desk.store.set(conflict.path, value === null ? undefined : value);
    buttons.forEach((one) => one.setAttribute("aria-pressed", String(one === event.currentTarget)));
    made.classList.add("done");
    chosen();
  } }, label));
  const side = (title, value, sign) => h("div", {}, h("h4", {}, icon(sign), title), isMove ? h("p", {}, "把这一行放到了别的位置") : shown(value, desk));
  const made = h("article", { class: "meet" }, h("h3", {}, conflict.place),
    h("div", { class: "tri" }, side("你写的", conflict.mine, "pencil"), side(`${by}写的`, conflict.theirs, "user")),
    h("div", { class: "meet-ways", role: "group", "aria-label": `${conflict.place}用哪一份` }, buttons));
  return made;
}
