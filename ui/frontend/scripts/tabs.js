// [data-tabs] with buttons [data-tab="id"]: one panel at a time (the week on a phone). Without script all panels show.
function choose(buttons, chosen, focus) {
  for (const button of buttons) {
    const on = button === chosen;
    button.setAttribute("aria-selected", String(on));
    button.classList.toggle("on", on);
    button.tabIndex = on ? 0 : -1;
    document.getElementById(button.dataset.tab)?.classList.toggle("tab-off", !on);
  }
  if (focus) chosen.focus();
}

export function start() {
  for (const host of document.querySelectorAll("[data-tabs]")) {
    const buttons = [...host.querySelectorAll("[data-tab]")];
    host.setAttribute("role", "tablist");
    buttons.forEach((button) => {
      button.setAttribute("role", "tab");
      button.setAttribute("aria-controls", button.dataset.tab);
    });
    host.addEventListener("click", (event) => {
      const button = event.target.closest("[data-tab]");
      if (button) choose(buttons, button, false);
    });
    host.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const at = buttons.indexOf(document.activeElement);
      choose(buttons, buttons[(at + step + buttons.length) % buttons.length], true);
    });
    choose(buttons, buttons.find((button) => button.classList.contains("on")) ?? buttons[0], false);
  }
}
