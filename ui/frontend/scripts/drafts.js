// form[data-keep="name"]: what was typed is kept in this browser until the form is accepted, so that an expired
// session or a closed lid loses nothing. It is put back by itself only onto the text it was typed over; when that
// has changed since, it is offered. A toast after sending says that the form was accepted; a page without one can
// say it with [data-kept-done="name"].
const PREFIX = "gongbei-draft:";
const SENT = "gongbei-sent";
const SKIPPED = new Set(["password", "file", "hidden", "submit", "button"]);

const read = (key) => JSON.parse(localStorage.getItem(key) ?? "null");
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

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

function bar(form, text, label, act) {
  const strip = document.createElement("div");
  strip.className = "note h mb-3";
  strip.setAttribute("role", "status");
  const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-line btn-sm", textContent: label });
  button.addEventListener("click", () => {
    act();
    strip.remove();
  });
  strip.append(Object.assign(document.createElement("div"), { className: "grow", textContent: text }), button);
  form.prepend(strip);
}

function offer(form, key, before) {
  const stored = read(key);
  if (!stored || same(stored.now, before)) return localStorage.removeItem(key);
  if (!same(stored.base, before)) {
    return bar(form, "这台电脑上有一份没保存的内容，之后这里又有过改动。", "看看没保存的", () => fill(form, stored.now));
  }
  fill(form, stored.now);
  return bar(form, "已恢复未保存的内容，记得保存。", "不要了，用已保存的", () => {
    fill(form, before);
    localStorage.removeItem(key);
  });
}

function keep(form) {
  const key = `${PREFIX}${form.dataset.keep}`;
  const before = values(form);
  offer(form, key, before);
  let timer;
  const save = () => localStorage.setItem(key, JSON.stringify({ base: before, now: values(form) }));
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, 400);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    save();
    sessionStorage.setItem(SENT, key);
  });
}

function settle() {
  document.querySelectorAll("[data-kept-done]").forEach((done) => localStorage.removeItem(`${PREFIX}${done.dataset.keptDone}`));
  const sent = sessionStorage.getItem(SENT);
  sessionStorage.removeItem(SENT); // only the page right after sending can tell, not a later toast about something else
  if (sent && document.querySelector(".toasts [data-toast]")) localStorage.removeItem(sent);
}

export function start() {
  try {
    settle();
    document.querySelectorAll("form[data-keep]").forEach(keep);
  } catch (error) {
    console.info("草稿没有存在这台电脑上", error.name);
  }
}
