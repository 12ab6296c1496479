// a[data-preview="address"]: shows a part of the page beside the list; without script the link opens the page.
import { trap } from "./focus.js";

let shown = null;

function skeleton() {
  const box = Object.assign(document.createElement("div"), { className: "skeleton" });
  box.setAttribute("role", "status");
  box.setAttribute("aria-label", "正在载入");
  box.innerHTML = '<div class="sk-row"><span class="sk"></span><div><span class="sk"></span><span class="sk"></span></div></div>'.repeat(4);
  return box;
}

function build(link) {
  const panel = Object.assign(document.createElement("aside"), { className: "panel" });
  panel.setAttribute("role", "dialog");
  panel.setAttribute("aria-label", "预览");
  panel.innerHTML =
    '<div class="panel-head"><h2></h2><button type="button" class="iconbtn" aria-label="关闭预览"><svg class="i" viewBox="0 0 24 24" aria-hidden="true"><path d="M18 6 6 18M6 6l12 12"/></svg></button></div><div class="panel-body" tabindex="0"></div><div class="panel-foot"><a class="btn btn-primary grow">打开这一页</a></div>';
  panel.querySelector("h2").textContent = link.dataset.title || "预览";
  panel.querySelector(".panel-foot a").href = link.href;
  return panel;
}

async function fill(body, address) {
  body.replaceChildren(skeleton());
  try {
    const answer = await fetch(address, { headers: { "X-Requested-With": "fetch" } });
    if (!answer.ok) throw new Error(String(answer.status));
    body.innerHTML = await answer.text();
    body.dispatchEvent(new Event("gongbei:filled", { bubbles: true }));
  } catch {
    body.textContent = "预览暂时打不开。点下面的按钮打开整页，或者过一会儿再试。";
  }
}

function open(link) {
  shown?.close();
  const panel = build(link);
  const row = link.closest(".res");
  const close = () => {
    release();
    panel.remove();
    row?.classList.remove("on");
    link.focus();
    shown = null;
  };
  document.body.append(panel);
  row?.classList.add("on");
  panel.querySelector(".iconbtn").addEventListener("click", close);
  fill(panel.querySelector(".panel-body"), link.dataset.preview);
  const release = trap(panel, close);
  shown = { close };
}

export function start() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-preview]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    open(link);
  });
}
