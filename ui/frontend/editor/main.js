// The editor of typed documents. The page says everything it needs in #desk-start; without it the plain form stays.
import { Desk } from "./desk.js";
import { toast, useIcons } from "./dom.js";
import { Saver } from "./saving.js";
import { Store } from "./store.js";
import "../styles/editor.scss";

const PATIENCE_MS = 1500;
const late = () => new Promise((done) => setTimeout(() => done(null), PATIENCE_MS));

async function start(host) {
  const told = JSON.parse(document.getElementById("desk-start").textContent);
  useIcons(host.dataset.icons);
  const store = new Store(told.title, told.document);
  const desk = new Desk(store, told);
  const saver = new Saver(store, told, (state, words) => desk.show(state, words));
  const at = await Promise.race([saver.recover().catch(() => null), late()]);
  host.replaceChildren(desk.build(saver));
  saver.begin(desk);
  if (at) toast(`已恢复 ${new Date(at).toTimeString().slice(0, 5)} 没来得及保存的内容`);
  document.getElementById(location.hash.slice(1))?.scrollIntoView();
  document.documentElement.dataset.desk = "ready";
}

const host = document.querySelector("[data-desk]");
if (host) start(host);
