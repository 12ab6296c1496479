// The sections at the side: where one is, what is written, what is missing; and how long the text has become.
import { h, icon } from "./dom.js";

const CHOSEN = "(max-width: 991.98px)";

export class Outline {
  constructor(desk) {
    this.desk = desk;
    this.links = new Map();
    this.percent = h("span", { class: "num" });
    this.bar = h("i");
    this.count = h("p", { class: "ink3 sm words-count" });
    this.summary = h("span", {});
    const list = h("ol", {}, desk.fields.map((field) => {
      const note = h("span", { class: "push" });
      const sign = h("span", { class: "sign" });
      const link = h("a", { href: `#s-${field.name}` }, sign, h("span", {}, field.label), note);
      link.addEventListener("click", () => this.narrow && (this.fold.open = false));
      this.links.set(field.name, { link, note, sign });
      return h("li", {}, link);
    }));
    this.fold = h("details", { class: "outline-fold", open: true }, h("summary", {}, icon("list"), this.summary), list);
    this.dom = h("nav", { class: "outline", "aria-label": "各节" }, h("div", { class: "outline-top" }, this.percent, h("span", { class: "bar" }, this.bar)), this.fold, this.count);
    this.narrow = window.matchMedia(CHOSEN).matches;
    if (this.narrow) this.fold.open = false;
    window.matchMedia(CHOSEN).addEventListener("change", (event) => {
      this.narrow = event.matches;
      this.fold.open = !event.matches;
    });
  }

  /** `told`: percent, filled and missing sections, as saved. */
  update(told) {
    const [filled, missing] = [new Set(told.filled), new Set(told.missing)];
    this.percent.textContent = `完成度 ${told.percent}%`;
    this.bar.style.width = `${told.percent}%`;
    this.bar.parentNode.classList.toggle("l", told.percent === 100);
    this.summary.textContent = missing.size ? `各节，还缺 ${missing.size} 节` : "各节，都写了";
    for (const [name, { note, sign }] of this.links) {
      const rows = this.desk.fields.find((field) => field.name === name)?.holds === "rows" ? Object.keys(this.desk.store.get([name]) ?? {}).length : 0;
      const done = filled.has(name) && !missing.has(name);
      sign.replaceChildren(icon(done ? "check" : missing.has(name) ? "circle-dashed" : "minus"), h("span", { class: "sr" }, done ? "已写" : missing.has(name) ? "还缺" : "没写"));
      note.textContent = missing.has(name) ? "还缺" : rows ? `${rows} 项` : "";
    }
  }

  words(count) {
    this.count.textContent = `${count} 字`;
  }

  /** Mark the section being read. */
  follow(sections) {
    if (!("IntersectionObserver" in window)) return;
    const watcher = new IntersectionObserver((entries) => {
      const seen = entries.find((entry) => entry.isIntersecting);
      if (!seen) return;
      for (const [name, { link }] of this.links) {
        if (`s-${name}` === seen.target.id) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
    }, { rootMargin: "-25% 0px -65% 0px" });
    sections.forEach((section) => watcher.observe(section));
  }
}
