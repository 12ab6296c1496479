// The term plan: a lesson is dragged to another week, or moved by Alt and the arrow keys from its grip. The server decides;
// the board is then fetched again, so that what is shown is what holds, also after somebody else was faster.
const board = () => document.querySelector("[data-plan-board]");
const say = (words) => (document.querySelector("[data-plan-news]").textContent = words);

function note(words, isProblem) {
  document.querySelector("[data-plan-note]")?.remove();
  if (!isProblem) return;
  const box = document.createElement("div");
  box.className = "note h";
  box.dataset.planNote = "";
  box.setAttribute("role", "alert");
  box.textContent = words;
  board().querySelector(".grow").prepend(box);
}

async function fresh() {
  const answer = await fetch(location.pathname, { headers: { "X-Requested-With": "fetch" }, credentials: "same-origin" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const found = page.querySelector("[data-plan-board]");
  if (found) board().replaceWith(document.adoptNode(found));
}

async function move(row, first) {
  const { url, version, first: was, last } = row.dataset;
  const body = new FormData();
  body.set("csrfmiddlewaretoken", document.querySelector("input[name=csrfmiddlewaretoken]").value);
  body.set("do", "move");
  body.set("version", version);
  body.set("was_first", was);
  body.set("was_last", last);
  body.set("first", first);
  body.set("last", first + Number(last) - Number(was));
  board().classList.add("busy");
  try {
    const answer = await fetch(url, { method: "POST", body, headers: { "X-Requested-With": "fetch" }, credentials: "same-origin" });
    const told = answer.headers.get("Content-Type")?.includes("json") ? (await answer.json()).words : "没有移动，请刷新页面再试";
    await fresh();
    note(told, !answer.ok);
    if (answer.ok) say(told);
    document.getElementById(row.id)?.querySelector("[data-plan-grip]")?.focus();
  } catch {
    note("网络断了，没有移动。连上以后再移一次", true);
  } finally {
    board().classList.remove("busy");
  }
}

function startDragging() {
  let dragged = null;
  const week = (event) => event.target.closest?.("[data-week]");
  const clear = () => document.querySelectorAll(".plan-week.target").forEach((one) => one.classList.remove("target"));
  document.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.("[data-plan-row]") || null;
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.title);
    dragged.classList.add("moving");
  });
  document.addEventListener("dragover", (event) => {
    const over = dragged && week(event);
    if (!over) return;
    event.preventDefault();
    if (!over.classList.contains("target")) clear();
    over.classList.add("target");
  });
  document.addEventListener("drop", (event) => {
    const over = dragged && week(event);
    if (!over) return;
    event.preventDefault();
    if (over.dataset.week !== dragged.dataset.first) move(dragged, Number(over.dataset.week));
  });
  document.addEventListener("dragend", () => {
    clear();
    dragged?.classList.remove("moving");
    dragged = null;
  });
}

export function start() {
  if (!board()) return;
  startDragging();
  document.addEventListener("keydown", (event) => {
    const grip = event.target.closest?.("[data-plan-grip]");
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!grip || !event.altKey || !step) return;
    event.preventDefault();
    const row = grip.closest("[data-plan-row]");
    if (!board().classList.contains("busy")) move(row, Number(row.dataset.first) + step);
  });
}
