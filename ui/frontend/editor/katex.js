// KaTeX is fetched when the first formula is shown, from the address that every page names.
let fetched = null;

function fetchKatex() {
  const told = document.querySelector('meta[name="katex"]');
  document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: told.dataset.style }));
  return import(/* @vite-ignore */ told.content);
}

/** Draw the formulas among `places`; until then, and where KaTeX cannot, the source stands. */
export function draw(places) {
  const waiting = [...places].filter((place) => place.dataset.latex);
  if (!waiting.length) return Promise.resolve();
  fetched ??= fetchKatex();
  return fetched.then((katex) => katex.draw(waiting), () => {});
}

export const drawIn = (host) => draw(host.querySelectorAll(".formula[data-latex]"));
