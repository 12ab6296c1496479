// form[data-keep="name"]: what was typed is kept in this browser until the form is accepted, so that an expired
// session or a closed lid loses nothing. The page that accepts it says so with [data-kept-done="name"].
const PREFIX = "gongbei-draft:";
const SKIPPED = new Set(["password", "file", "hidden", "submit", "button"]);

function fields(form) {
  return [...form.elements].filter((field) => field.name && !SKIPPED.has(field.type));
}

function values(form) {
  const kept = {};
  for (const field of fields(form)) {
    const tick = field.type === "checkbox" || field.type === "radio";
    (kept[field.name] ??= []).push(tick ? field.checked : field.value);
  }
  return kept;
}

function fill(form, kept) {
  const seen = {};
  for (const field of fields(form)) {
    const value = kept[field.name]?.[(seen[field.name] = (seen[field.name] ?? -1) + 1)];
    if (value === undefined) continue;
    if (typeof value === "boolean") field.checked = value;
    else field.value = value;
  }
}

function bar(form, before, key) {
  const strip = document.createElement("div");
  strip.className = "note h mb-3";
  strip.setAttribute("role", "status");
  const text = Object.assign(document.createElement("div"), { className: "grow", textContent: "已恢复未保存的内容，记得保存。" });
  const undo = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-line btn-sm", textContent: "不要了，用已保存的" });
  undo.addEventListener("click", () => {
    fill(form, before);
    localStorage.removeItem(key);
    strip.remove();
  });
  strip.append(text, undo);
  form.prepend(strip);
}

function keep(form) {
  const key = `${PREFIX}${form.dataset.keep}`;
  const before = values(form);
  const stored = localStorage.getItem(key);
  if (stored && stored !== JSON.stringify(before)) {
    fill(form, JSON.parse(stored));
    bar(form, before, key);
  }
  let timer;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => localStorage.setItem(key, JSON.stringify(values(form))), 400);
  });
}

export function start() {
  try {
    document.querySelectorAll("[data-kept-done]").forEach((done) => localStorage.removeItem(`${PREFIX}${done.dataset.keptDone}`));
    document.querySelectorAll("form[data-keep]").forEach(keep);
  } catch (error) {
    console.info("草稿没有存在这台电脑上", error.name);
  }
}
