// What comes from Word, WPS and web pages keeps its headings, lists, tables, pictures and formulas, and nothing else:
// no script, no foreign style. It is parsed in a document of its own, where nothing runs and nothing is fetched.
import { blobOf, hold } from "./pictures.js";
import { toLatex } from "./omml.js";

const GONE = "script, style, link, meta, title, xml, iframe, object, embed, form, input, button, select, textarea, svg, canvas, audio, video, template, noscript, head > *";
const COMMENTS = /<!--\[if (gte msEquation[^\]]*|[^\]]*)\]>([\s\S]*?)<!\[endif\]-->/gi;
const NUMBERED = /^\s*(?:\(?\d{1,3}[.、)）]|[(（]\d{1,3}[)）]|[一二三四五六七八九十]{1,3}、|[a-z][.)])[\s\u00a0]*/i;
const BULLET = /^\s*[·•●○■□◆◇▪–—\-\u00b7\uf0b7\uf06c\uf0d8\uf0fc\uf0a7o][\s\u00a0]+/;

function formulaOf(document, latex, block = false) {
  const made = document.createElement(block ? "div" : "span");
  made.className = "formula";
  made.setAttribute("data-latex", latex.slice(0, 2000));
  made.textContent = latex;
  return made;
}

/** Word's equations stand in conditional comments; the picture beside them is for older readers. */
function wordFormulas(html) {
  let kept = 0;
  const opened = html.replace(COMMENTS, (_, condition, inside) => (/msEquation/i.test(condition) && /oMath/i.test(inside) ? `<span data-omml="${(kept += 1)}">${inside}</span>` : ""));
  return kept ? opened.replace(/<!\[if !msEquation\]>[\s\S]*?<!\[endif\]>/gi, "") : opened;
}

function formulas(document) {
  for (const math of document.querySelectorAll("[data-omml]")) {
    const omml = math.getElementsByTagName("m:omath")[0] ?? math;
    math.replaceWith(formulaOf(document, toLatex(omml)));
  }
  for (const math of document.querySelectorAll(".katex-display, .katex, mjx-container, math")) {
    if (!document.contains(math)) continue;
    const source = math.querySelector('annotation[encoding="application/x-tex"]')?.textContent ?? math.getAttribute("alttext");
    if (source) math.replaceWith(formulaOf(document, source.trim(), math.matches(".katex-display, [display=block], [display=true]")));
  }
  for (const picture of document.querySelectorAll("img[data-latex], img.mathtype, img[data-formula-latex]")) {
    const source = picture.dataset.latex ?? picture.dataset.formulaLatex;
    if (source) picture.replaceWith(formulaOf(document, source));
  }
}

/** Word writes a list as paragraphs that only look like one. */
function wordLists(document) {
  const isItem = (node) => node?.nodeType === 1 && node.matches("p, h1, h2, h3") && (/mso-list:\s*l?\d/i.test(node.getAttribute("style") ?? "") || /MsoListParagraph/i.test(node.className));
  for (const first of document.querySelectorAll("p")) {
    if (!document.contains(first) || !isItem(first)) continue;
    const items = [first];
    while (isItem(items[items.length - 1].nextElementSibling)) items.push(items[items.length - 1].nextElementSibling);
    first.before(...listsOf(document, items));
    items.forEach((item) => item.remove());
  }
}

const levelOf = (item) => Number(/level(\d)/i.exec(item.getAttribute("style") ?? "")?.[1] ?? 1);

function listsOf(document, items) {
  const tops = [];
  const stack = [];
  for (const item of items) {
    const level = levelOf(item);
    const sign = item.textContent;
    const tag = NUMBERED.test(sign) && !BULLET.test(sign) ? "ol" : "ul";
    item.querySelectorAll('[style*="mso-list"]').forEach((mark) => mark.remove());
    strip(item, tag === "ol" ? NUMBERED : BULLET);
    while (stack.length && stack[stack.length - 1].level > level) stack.pop();
    let top = stack[stack.length - 1];
    if (!top || top.level < level || top.list.localName !== tag) {
      if (top && top.level === level) stack.pop();
      const list = document.createElement(tag);
      const above = stack[stack.length - 1];
      if (above?.list.lastElementChild) above.list.lastElementChild.append(list);
      else tops.push(list);
      top = { level, list };
      stack.push(top);
    }
    const made = document.createElement("li");
    const words = document.createElement("p");
    words.append(...item.childNodes);
    made.append(words);
    top.list.append(made);
  }
  return tops;
}

function strip(item, sign) {
  const walker = item.ownerDocument.createTreeWalker(item, 4);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!node.data.trim()) continue;
    node.data = node.data.replace(sign, "");
    return;
  }
}

/** Paragraph styles that only name a heading: Word's and WPS's class, or a level in the outline. */
function headings(document) {
  for (const line of document.querySelectorAll("p")) {
    const level = /(?:MsoHeading|Heading|标题)\s*(\d)/i.exec(line.className)?.[1] ?? /mso-outline-level:\s*([1-6])/i.exec(line.getAttribute("style") ?? "")?.[1] ?? (/MsoTitle/.test(line.className) ? "1" : null);
    if (!level || line.closest("td, th, li")) continue;
    const made = document.createElement(`h${Math.min(6, Number(level))}`);
    made.append(...line.childNodes);
    line.replaceWith(made);
  }
}

const OURS = /^(?:https?:\/\/[^/]+)?\/f\/([0-9a-z]{6,20})\//i;

/** Pictures that came along are kept; those that only have an address elsewhere are counted. */
function pictures(document, files) {
  let left = 0;
  const images = [...files].filter((file) => file.type.startsWith("image/"));
  for (const picture of document.querySelectorAll("img, v\\:imagedata")) {
    const address = picture.getAttribute("src") ?? "";
    const ours = picture.getAttribute("data-file") ?? OURS.exec(address)?.[1];
    const blob = blobOf(address) ?? (/^(file|blob|webkit-fake-url):/i.test(address) ? images.shift() : null);
    const made = document.createElement("img");
    made.setAttribute("alt", (picture.getAttribute("alt") ?? "").slice(0, 200));
    if (ours) made.setAttribute("data-file", ours);
    else if (blob) made.setAttribute("data-waits", hold(blob, blob.name ?? "粘贴的图片.png"));
    else if (address) left += 1;
    if (ours || blob) lift(picture, made);
    else picture.remove();
  }
  return left;
}

/** A picture is a block here: out of its paragraph, after it. */
function lift(picture, made) {
  const line = picture.closest("p, h1, h2, h3, h4, h5, h6");
  picture.remove();
  if (line) line.after(made);
  else (picture.parentNode ?? made.ownerDocument.body).append(made);
}

function tables(document) {
  for (const cell of document.querySelectorAll("th")) {
    if (!cell.querySelector("ul, ol, table, img")) continue;
    const made = document.createElement("td");
    for (const name of ["colspan", "rowspan"]) if (cell.hasAttribute(name)) made.setAttribute(name, cell.getAttribute(name));
    made.append(...cell.childNodes);
    cell.replaceWith(made);
  }
  for (const inner of document.querySelectorAll("td table, th table")) {
    const lines = [...inner.rows].map((row) => [...row.cells].map((cell) => cell.textContent.trim()).join("　"));
    inner.replaceWith(...lines.map((line) => Object.assign(document.createElement("p"), { textContent: line })));
  }
}

const plain = (document) => {
  for (const found of document.querySelectorAll("[style]")) {
    const kept = ["font-weight", "text-decoration", "vertical-align"].map((name) => [name, found.style.getPropertyValue(name)]).filter(([, value]) => value);
    found.removeAttribute("style");
    if (!/^h\d$/.test(found.localName)) for (const [name, value] of kept) found.style.setProperty(name, value);
  }
  for (const found of document.querySelectorAll("*")) {
    for (const { name } of [...found.attributes]) if (/^on|^id$|^srcset$|^class$/i.test(name) && !found.matches(".formula, .link-card")) found.removeAttribute(name);
  }
  for (const link of document.querySelectorAll("a:not([data-uid])")) link.replaceWith(...link.childNodes);
};

/** Handlers go before anything is parsed: a parsed one would be refused aloud by the page's policy. */
const mute = (html) => html.replace(/<[a-z][^<>]*>/gi, (tag) => tag.replace(/\son\w+\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/gi, ""));

/** Clean HTML, and how many pictures could not come along. */
export function cleaned(html, files = []) {
  const read = new DOMParser().parseFromString(wordFormulas(mute(html)), "text/html");
  formulas(read);
  read.querySelectorAll(GONE).forEach((one) => one.remove());
  headings(read);
  wordLists(read);
  const left = pictures(read, files);
  tables(read);
  read.querySelectorAll("o\\:p").forEach((one) => one.replaceWith(...one.childNodes));
  plain(read);
  return { html: read.body.innerHTML, left };
}
