// Drag a piece of the tray onto a section. The select and the button beside it do the same by keyboard.
let carried = null;

for (const text of document.querySelectorAll("[data-drag]")) {
  text.draggable = true;
  text.addEventListener("dragstart", (event) => {
    carried = text.closest("[data-piece]");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", text.textContent.trim().slice(0, 200));
  });
  text.addEventListener("dragend", () => {
    carried = null;
  });
}

for (const place of document.querySelectorAll("[data-drop]")) {
  place.addEventListener("dragover", (event) => {
    if (!carried) return;
    event.preventDefault();
    place.classList.add("is-over");
  });
  place.addEventListener("dragleave", () => place.classList.remove("is-over"));
  place.addEventListener("drop", (event) => {
    place.classList.remove("is-over");
    if (!carried) return;
    event.preventDefault();
    carried.querySelector("select[name=target]").value = place.dataset.drop;
    carried.requestSubmit(carried.querySelector("button[value=place]"));
  });
}
