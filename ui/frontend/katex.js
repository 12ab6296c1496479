// Loaded by scripts/formulas.js on pages whose formulas come into view: draws them over the server's MathML.
import katex from "katex";
import "katex/dist/katex.css";

export function draw(places) {
  for (const place of places) {
    const drawn = document.createElement("span");
    try {
      katex.render(place.dataset.latex, drawn, { displayMode: place.tagName === "DIV", strict: "ignore", trust: false, maxExpand: 200, maxSize: 40 });
      place.replaceChildren(...drawn.childNodes);
    } catch {
      // The server's MathML, or the source as it was typed, stays.
    }
    place.removeAttribute("data-latex");
  }
}
