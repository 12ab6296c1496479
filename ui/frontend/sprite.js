// Builds one SVG file of <symbol>s from the lucide icons named in icons.json, so that pages reference a cached file.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const ICONS = join(dirname(createRequire(import.meta.url).resolve("lucide-static/package.json")), "icons");

function symbol(name) {
  const source = readFileSync(join(ICONS, `${name}.svg`), "utf8");
  const inner = source.slice(source.indexOf(">", source.indexOf("<svg")) + 1, source.lastIndexOf("</svg>"));
  return `<symbol id="${name}" viewBox="0 0 24 24">${inner.replace(/\s*\n\s*/g, "").replace(/ \/>/g, "/>")}</symbol>`;
}

export function sprite(list) {
  const names = JSON.parse(readFileSync(list, "utf8")).sort();
  const licence = "<!-- Lucide icons, ISC licence, see icons.LICENSE.txt -->";
  return `${licence}<svg xmlns="http://www.w3.org/2000/svg">${names.map(symbol).join("")}</svg>\n`;
}

export function licence() {
  return readFileSync(join(ICONS, "..", "LICENSE"), "utf8");
}
