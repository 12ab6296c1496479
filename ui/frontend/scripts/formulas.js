// .formula[data-latex]: the server has drawn MathML. KaTeX, 100 kB, is fetched when the first one comes near the view,
// at once on a page made for paper, and draws all of them alike in every browser.
const WAITING = ".formula[data-latex]";
let fetched = null;

function fetchKatex(told) {
  const style = Object.assign(document.createElement("link"), { rel: "stylesheet", href: told.dataset.style });
  const styled = new Promise((done) => style.addEventListener("load", done, { once: true }));
  document.head.append(style);
  return Promise.all([import(/* @vite-ignore */ told.content), styled]).then(([katex]) => katex);
}

function drawAll(told) {
  fetched ??= fetchKatex(told);
  fetched.then((katex) => katex.draw(document.querySelectorAll(WAITING)), () => {});
}

function watch(told, root) {
  const places = root.querySelectorAll(WAITING);
  if (!places.length) return;
  if (document.body.classList.contains("paper") || !("IntersectionObserver" in window)) return drawAll(told);
  const near = new IntersectionObserver((seen) => {
    if (!seen.some((one) => one.isIntersecting)) return;
    near.disconnect();
    drawAll(told);
  }, { rootMargin: "200px" });
  for (const place of places) near.observe(place);
}

export function start() {
  const told = document.querySelector('meta[name="katex"]');
  if (!told) return;
  watch(told, document);
  document.addEventListener("gongbei:filled", (event) => watch(told, event.target));
  document.addEventListener("toggle", (event) => event.target.open && watch(told, event.target), true);
}
