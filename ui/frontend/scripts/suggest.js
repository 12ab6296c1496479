// "/" focuses the search box. form[data-suggest]: suggestions in groups below it, with arrow keys.
// The address answers {"groups": [{"label": "课", "items": [{"label", "url", "meta"}]}]}.
const WAIT = 160;

function row(item, id) {
  const link = Object.assign(document.createElement("a"), { href: item.url, id, tabIndex: -1 });
  link.setAttribute("role", "option");
  link.append(Object.assign(document.createElement("span"), { textContent: item.label }));
  if (item.meta) link.append(Object.assign(document.createElement("span"), { className: "meta", textContent: item.meta }));
  return link;
}

function fill(list, groups) {
  const parts = [];
  for (const group of groups.filter((one) => one.items.length)) {
    const box = document.createElement("div");
    const head = Object.assign(document.createElement("div"), { className: "grp", textContent: group.label, id: `${list.id}-g${parts.length}` });
    box.setAttribute("role", "group");
    box.setAttribute("aria-labelledby", head.id);
    box.append(head, ...group.items.map((item, index) => row(item, `${list.id}-${parts.length}-${index}`)));
    parts.push(box);
  }
  list.replaceChildren(...parts);
  return parts.length > 0;
}

function attach(form, index) {
  const input = form.querySelector('input[name="q"]');
  const list = Object.assign(document.createElement("div"), { className: "suggest", id: `suggest-${index}`, hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "搜索建议");
  form.append(list);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", list.id], ["aria-expanded", "false"]]) input.setAttribute(name, value);
  let timer;
  let asked = 0;
  const options = () => [...list.querySelectorAll('[role="option"]')];
  const show = (visible) => {
    list.hidden = !visible;
    input.setAttribute("aria-expanded", String(visible));
    if (!visible) input.removeAttribute("aria-activedescendant");
  };
  const select = (option) => {
    options().forEach((one) => one.setAttribute("aria-selected", String(one === option)));
    if (!option) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", option.id);
    return option.scrollIntoView({ block: "nearest" });
  };
  const ask = async () => {
    const turn = (asked += 1);
    const query = input.value.trim();
    if (!query) return show(false);
    try {
      const answer = await fetch(`${form.dataset.suggest}?q=${encodeURIComponent(query)}`, { headers: { Accept: "application/json" } });
      if (!answer.ok || turn !== asked) return undefined;
      const { groups } = await answer.json();
      return turn === asked ? show(fill(list, groups) && document.activeElement === input) : undefined;
    } catch {
      return show(false);
    }
  };
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || list.hidden) return;
    const all = options();
    const at = all.findIndex((one) => one.getAttribute("aria-selected") === "true");
    if (event.key === "Escape") show(false);
    else if (event.key === "ArrowDown") select(all[(at + 1) % all.length]);
    else if (event.key === "ArrowUp") select(all[(at - 1 + all.length) % all.length]);
    else if (event.key === "Enter" && at >= 0) location.assign(all[at].href);
    else return;
    event.preventDefault();
  });
  form.addEventListener("focusout", (event) => {
    if (!form.contains(event.relatedTarget)) setTimeout(() => show(false), 150);
  });
}

export function start() {
  document.querySelectorAll("form[data-suggest]").forEach((form, index) => {
    if (form.dataset.suggest) attach(form, index);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const box = [...document.querySelectorAll("[data-search-key]")].find((one) => one.offsetParent !== null);
    if (!box) return;
    event.preventDefault();
    box.focus();
    box.select();
  });
}
