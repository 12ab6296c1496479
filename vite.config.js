// Sources in ui/frontend, result in ui/static/ui under fixed names: Django's static storage adds the hashes.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { defineConfig } from "vite";
import { licence, sprite } from "./ui/frontend/sprite.js";

const frontend = resolve(import.meta.dirname, "ui/frontend");

const icons = {
  name: "icons",
  generateBundle() {
    this.emitFile({ type: "asset", fileName: "icons.svg", source: sprite(resolve(frontend, "icons.json")) });
    this.emitFile({ type: "asset", fileName: "icons.LICENSE.txt", source: licence() });
  },
};

// Of KaTeX's fonts only woff2: every browser that we serve reads it.
const katexFonts = {
  name: "katex-fonts",
  enforce: "pre",
  transform(code, id) {
    if (!id.endsWith("katex.css")) return null;
    return code.replace(/, ?url\([^)]+\) format\("(?:woff|truetype)"\)/g, "");
  },
  generateBundle() {
    this.emitFile({ type: "asset", fileName: "katex/LICENSE.txt", source: readFileSync(resolve(import.meta.dirname, "node_modules/katex/LICENSE"), "utf8") });
  },
};

export default defineConfig({
  root: frontend,
  base: "./",
  publicDir: resolve(frontend, "public"),
  plugins: [icons, katexFonts],
  css: { preprocessorOptions: { scss: { loadPaths: [resolve(import.meta.dirname, "node_modules")], quietDeps: true, silenceDeprecations: ["import", "global-builtin", "if-function", "color-functions"] } } },
  build: {
    outDir: resolve(import.meta.dirname, "ui/static/ui"),
    emptyOutDir: true,
    target: ["chrome87", "safari15"],
    cssTarget: ["chrome87", "safari15"],
    assetsInlineLimit: 0,
    modulePreload: false,
    reportCompressedSize: false,
    rollupOptions: {
      input: {
        gongbei: resolve(frontend, "main.js"),
        katex: resolve(frontend, "katex.js"),
        editor: resolve(frontend, "editor/main.js"),
        bootstrap: resolve(frontend, "styles/bootstrap.scss"),
        "gongbei-style": resolve(frontend, "styles/gongbei.scss"),
      },
      preserveEntrySignatures: "exports-only",
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "[name].js",
        assetFileNames: (asset) => (asset.names.includes("gongbei-style.css") ? "gongbei.css" : asset.names.some((name) => name.startsWith("KaTeX_")) ? "katex/[name][extname]" : "[name][extname]"),
      },
    },
  },
});
