// Drag a piece of the tray onto a section. The select and the button beside it do the same by keyboard.
// Listeners stand on the page, because what was read may be put in later.
let carried = null;

document.addEventListener("dragstart", (event) => {
  const text = event.target.closest?.("[data-drag]");
  if (!text) return;
  carried = text.closest("[data-piece]");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", text.textContent.trim().slice(0, 200));
});

document.addEventListener("dragend", () => {
  carried = null;
});

document.addEventListener("dragover", (event) => {
  const place = carried && event.target.closest?.("[data-drop]");
  for (const other of document.querySelectorAll(".is-over")) if (other !== place) other.classList.remove("is-over");
  if (!place) return;
  event.preventDefault();
  place.classList.add("is-over");
});

document.addEventListener("drop", (event) => {
  const place = carried && event.target.closest?.("[data-drop]");
  if (!place) return;
  event.preventDefault();
  carried.querySelector("select[name=target]").value = place.dataset.drop;
  carried.requestSubmit(carried.querySelector("button[value=place]"));
});
