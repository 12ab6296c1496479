// The minutes of the stages to scale, against the length of the lesson; too many are said with the number to cut.
import { h, icon, zh } from "./dom.js";
import { ordered } from "./order.js";

const TONES = ["m1", "m2", "m3", "m4"];
const DEFAULT = 40;
const WIDE = 960;

export class Minutes {
  constructor(desk, field) {
    [this.desk, this.field] = [desk, field];
    this.total = h("span", { class: "push ink2", role: "status" });
    this.bar = h("div", { class: "minutes", role: "img" });
    this.over = h("div", { class: "err" });
    this.dom = h("div", { class: "minutes-x" }, this.bar, this.over);
    desk.store.watch([field.name], () => this.show());
    desk.store.watch(["basics"], () => this.show());
    desk.store.watch(["minutes"], () => this.show());
    this.show();
  }

  get planned() {
    const { store, fields } = this.desk;
    const basics = fields.find((one) => one.name === "basics")?.fields?.some((one) => one.name === "minutes");
    if (basics) return Number(store.get(["basics", "minutes"])) || DEFAULT;
    return Number(store.get(["minutes"])) || 0;
  }

  show() {
    const rows = ordered(this.desk.store.get([this.field.name])).map(([, row]) => row);
    const state = JSON.stringify([rows.map((row) => [row.title, row.minutes]), this.planned]);
    if (state === this.state) return;
    this.state = state;
    const total = rows.reduce((sum, row) => sum + (Number(row.minutes) || 0), 0);
    const [planned, scale] = [this.planned, Math.max(total, this.planned, 1)];
    this.total.textContent = planned ? `合计 ${total} / ${planned} 分钟` : `合计 ${total} 分钟`;
    this.bar.replaceChildren(...rows.map((row, at) => {
      const width = ((Number(row.minutes) || 0) / scale) * 100;
      const room = (width / 100) * (this.bar.clientWidth || WIDE);
      const title = room > 110 ? `${zh(at + 1)} ${(row.title ?? "").slice(0, Math.floor((room - 50) / 14))} ${row.minutes}` : room > 34 ? `${zh(at + 1)} ${row.minutes}` : "";
      const piece = h("span", { class: TONES[at % 4] }, title);
      piece.style.width = `${width}%`;
      return piece;
    }));
    this.bar.setAttribute("aria-label", rows.map((row, at) => `环节${zh(at + 1)} ${row.title ?? ""} ${row.minutes ?? 0} 分钟`).join("，") || "还没有时间");
    const more = planned && total - planned;
    this.over.replaceChildren(...(more > 0 ? [icon("circle-alert"), h("span", {}, `比 ${planned} 分钟多 ${more} 分钟，减一减`)] : []));
    this.dom.hidden = !total;
  }
}
