
import { defineConfig } from "vitest/config";

const here = (path: string): string => decodeURIComponent(new URL(path, import.meta.url).pathname);

export default defineConfig({
  // relative addresses: the same files work under any static prefix
  base: "./",
  publicDir: false,
  build: {
    outDir: here("../src/secondstory/site/static/built"),
    emptyOutDir: true,
    manifest: "manifest.json",
    assetsDir: ".",
    target: "es2022",
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: ["src/site.ts", "src/editor.ts", "src/triage.ts", "src/lanes.ts", "src/chains.ts", "src/styles/site.css"],
      output: {
        // what islands share stands in files of its own, never inside an entry: a static-files storage that renames
        // entries would otherwise load the entry a second time through an island's import
        codeSplitting: {
          groups: [
            { name: "htmx", test: /node_modules\/htmx/ },
            { name: "shared", test: /src\/shared\// },
            { name: "saving", test: /src\/islands\/(autosave|saving)/ },
            { name: "asking", test: /src\/asks\// },
          ],
        },
      },
    },
  },
  test: { environment: "jsdom", setupFiles: ["tests/setup.ts"], css: true, include: ["tests/**/*.test.ts"] },
});
