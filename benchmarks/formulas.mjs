// Reads a JSON list of formulas on stdin, draws each with KaTeX, answers [formula, error] pairs as JSON.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const { default: katex } = await import(pathToFileURL(process.argv[2]));
const wrong = [];
for (const latex of JSON.parse(readFileSync(0, "utf8"))) {
  try {
    katex.renderToString(latex, { throwOnError: true, strict: "ignore", trust: false });
  } catch (problem) {
    wrong.push([latex, String(problem.message)]);
  }
}
process.stdout.write(JSON.stringify(wrong));
