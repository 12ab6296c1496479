// A formula is typed as LaTeX or put together from the signs of primary mathematics, and seen as it will be printed.
import { h, newId } from "./dom.js";
import { draw } from "./katex.js";

const PIECES = [
  ["分数", "\\frac{□}{□}"], ["带分数", "□\\frac{□}{□}"], ["×", "\\times "], ["÷", "\\div "], ["±", "\\pm "], ["≈", "\\approx "], ["≠", "\\ne "],
  ["≤", "\\le "], ["≥", "\\ge "], ["平方", "□^{2}"], ["立方", "□^{3}"], ["上标", "□^{□}"], ["下标", "□_{□}"], ["根号", "\\sqrt{□}"],
  ["度", "^{\\circ}"], ["∠", "\\angle "], ["△", "\\triangle "], ["π", "\\pi "], ["⊥", "\\perp "], ["∥", "\\parallel "], ["循环小数", "\\dot{□}"],
  ["单位", "\\text{ cm}^{2}"], ["竖排等式", "\\begin{aligned}&□\\\\=&□\\end{aligned}"], ["括号", "\\left(□\\right)"], ["□", "\\square "], ["…", "\\cdots "],
];

function insert(field, piece) {
  const [from, to] = [field.selectionStart, field.selectionEnd];
  const chosen = field.value.slice(from, to);
  const text = chosen ? piece.replace("□", chosen) : piece;
  field.setRangeText(text, from, to, "end");
  const hole = field.value.indexOf("□", from);
  if (hole >= 0 && hole < from + text.length) field.setSelectionRange(hole, hole + 1);
  field.focus();
  field.dispatchEvent(new Event("input"));
}

/** Ask for a formula; answers {latex, block} or null. */
export function askFormula({ latex = "", block = false } = {}) {
  return new Promise((answer) => {
    const id = newId("formula");
    const field = h("textarea", { id, class: "formula-source", rows: "3", spellcheck: "false", maxlength: "2000" });
    field.value = latex;
    const alone = h("input", { type: "checkbox", ...(block && { checked: true }) });
    const seen = h("div", { class: "formula-seen", "aria-live": "polite" });
    const show = () => {
      const source = field.value.replaceAll("□", "\\square ").trim();
      const place = h("div", { class: "formula", "data-latex": source }, h("code", {}, source));
      seen.replaceChildren(source ? place : h("span", { class: "ink3" }, "写一点，这里就看得到"));
      if (source) draw([place]);
    };
    field.addEventListener("input", show);
    const pieces = PIECES.map(([label, piece]) => h("button", { type: "button", class: "piece", onclick: () => insert(field, piece) }, label));
    const close = (found) => {
      dialog.close();
      dialog.remove();
      answer(found);
    };
    const done = () => close(field.value.replaceAll("□", "").trim() ? { latex: field.value.replaceAll("□", "").trim(), block: alone.checked } : null);
    const form = h("form", { method: "dialog", onsubmit: (event) => { event.preventDefault(); done(); } },
      h("h2", {}, "公式"),
      h("div", { class: "pieces", role: "group", "aria-label": "常用的式子" }, pieces),
      h("div", { class: "field" }, h("label", { for: id }, "LaTeX"), field, h("div", { class: "hint" }, "例：S=\\frac{1}{2}(a+b)h。点上面的式子，再把 □ 换成数。")),
      h("div", { class: "label sm ink2" }, "印出来的样子"), seen,
      h("label", { class: "tick" }, alone, "单独成行"),
      h("div", { class: "formacts" }, h("button", { class: "btn btn-primary" }, "放进去"), h("button", { type: "button", class: "btn btn-line", onclick: () => close(null) }, "不要了")));
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        done();
      }
    });
    const dialog = h("dialog", { class: "sheet desk-dialog", "aria-label": "公式" }, form);
    dialog.addEventListener("cancel", (event) => { event.preventDefault(); close(null); });
    document.body.append(dialog);
    dialog.showModal();
    show();
    field.focus();
  });
}
