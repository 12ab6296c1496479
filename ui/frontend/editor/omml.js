// Word puts its formulas on the clipboard as OMML inside conditional comments; here they become LaTeX.
const name = (node) => node.nodeName.toLowerCase().replace(/^m:/, "");
const children = (node) => [...node.childNodes].filter((child) => child.nodeType === 1);
const child = (node, wanted) => children(node).find((one) => name(one) === wanted);
const of = (node, wanted) => (child(node, wanted) ? inner(child(node, wanted)) : "");
const value = (node, part, wanted) => {
  const found = child(node, part) && child(child(node, part), wanted);
  return found?.getAttribute("m:val") ?? null;
};
const braced = (text) => `{${text}}`;

const WRITERS = {
  f: (node) => `\\frac${braced(of(node, "num"))}${braced(of(node, "den"))}`,
  ssup: (node) => `${braced(of(node, "e"))}^${braced(of(node, "sup"))}`,
  ssub: (node) => `${braced(of(node, "e"))}_${braced(of(node, "sub"))}`,
  ssubsup: (node) => `${braced(of(node, "e"))}_${braced(of(node, "sub"))}^${braced(of(node, "sup"))}`,
  rad: (node) => (of(node, "deg") ? `\\sqrt[${of(node, "deg")}]${braced(of(node, "e"))}` : `\\sqrt${braced(of(node, "e"))}`),
  d: (node) => `\\left${value(node, "dpr", "m:begchr") ?? "("}${children(node).filter((one) => name(one) === "e").map(inner).join(",")}\\right${value(node, "dpr", "m:endchr") ?? ")"}`,
  nary: (node) => `\\sum_${braced(of(node, "sub"))}^${braced(of(node, "sup"))}${of(node, "e")}`,
  bar: (node) => `\\overline${braced(of(node, "e"))}`,
  acc: (node) => `\\dot${braced(of(node, "e"))}`,
};
const SIGNS = { "×": "\\times ", "÷": "\\div ", "≈": "\\approx ", "≠": "\\ne ", "≤": "\\le ", "≥": "\\ge ", "π": "\\pi ", "°": "^{\\circ}", "∠": "\\angle ", "△": "\\triangle ", "%": "\\%" };
const text = (words) => words.replace(/[×÷≈≠≤≥π°∠△%]/g, (sign) => SIGNS[sign]).replace(/[\u4e00-\u9fff]+/g, (han) => `\\text{${han}}`);
const SILENT = /pr$/;

function inner(node) {
  return [...node.childNodes].map(write).join("");
}

function write(node) {
  if (node.nodeType === 3) return text(node.textContent.replace(/\s+/g, " ").trim());
  if (node.nodeType !== 1 || SILENT.test(name(node))) return "";
  return (WRITERS[name(node)] ?? inner)(node);
}

/** LaTeX of one <m:oMath>. */
export const toLatex = (math) => inner(math).trim();
