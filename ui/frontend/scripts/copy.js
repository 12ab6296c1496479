// [data-copy="text"]: copy a link. [data-print]: print this page. [data-focus]: take the focus when the page opens.
import { announce } from "./toasts.js";

async function copy(text) {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
  const field = Object.assign(document.createElement("textarea"), { value: text, readOnly: true });
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
  return undefined;
}

export function start() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (button) {
      await copy(button.dataset.copy || location.href);
      announce("链接已复制，可以发给同事了");
    }
    if (event.target.closest("[data-print]")) window.print();
  });
  document.querySelector("[data-focus]")?.focus();
}
