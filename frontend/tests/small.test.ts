import { EditorState } from "@codemirror/state";
import { beforeEach, expect, test, vi } from "vitest";
import { compared } from "../src/islands/compare";
import { failure, tooLarge } from "../src/islands/drop";
import { around, continueList } from "../src/islands/markdownkeys";
import { Palette } from "../src/islands/palette";
import { cleanHtml } from "../src/islands/richcopy";
import { localTime } from "../src/islands/times";
import { words } from "../src/shared/page";

beforeEach(() => {
  document.body.innerHTML = "";
});

test("a time is written in the zone asked for", () => {
  expect(localTime("2026-03-04T14:05:30Z", "time", "en-GB", "Europe/Vienna")).toBe("15:05");
  expect(localTime("2026-03-04T14:05:30Z", "seconds", "en-GB", "UTC")).toBe("14:05:30");
  expect(localTime("no time at all", "time", "en-GB", "UTC")).toBe("");
});

test("the comparison marks what only one of two texts has", () => {
  const [mine, theirs] = compared("the queue was long", "the queue grew long");
  expect(mine.filter((part) => part.alone).map((part) => part.text.trim())).toEqual(["was"]);
  expect(theirs.filter((part) => part.alone).map((part) => part.text.trim())).toEqual(["grew"]);
  expect(mine.map((part) => part.text).join("")).toBe("the queue was long");
});

test("a comparison of very long texts still gives back every word", () => {
  const long = Array.from({ length: 4_000 }, (_, at) => `word${at}`).join("\n");
  const [mine, theirs] = compared(long, `${long}\nmore`);
  expect(mine.map((part) => part.text).join("")).toBe(long);
  expect(theirs.map((part) => part.text).join("")).toBe(`${long}\nmore`);
});

test("a copied document keeps its meaning and loses our classes, buttons and scripts", () => {
  document.body.innerHTML = '<article><h1 class="x" id="y">T</h1><a href="/reviews/1" class="z">l</a><button>no</button><form>no</form><table><tr><td colspan="2" data-label="q">c</td></tr></table></article>';
  const html = cleanHtml(document.querySelector("article")!);
  expect(html).toBe('<h1>T</h1><a href="http://localhost:3000/reviews/1">l</a><table><tbody><tr><td colspan="2">c</td></tr></tbody></table>');
});

test("what went wrong with a file is said in the server's words when it has any", () => {
  expect(tooLarge({ name: "export.zip", size: 2_100_000_001 }, 2_000_000_000)).toContain("export.zip has 2101 MB");
  expect(failure({ status: 422, responseText: '{"detail": "This is not a zip."}' })).toBe("This is not a zip.");
  expect(failure({ status: 500, responseText: "<html>" })).toContain("500");
  expect(failure({ status: 0, responseText: "" })).toContain("cannot be reached");
});

test("words come from the page when it has them", () => {
  document.body.innerHTML = '<div id="words"><span data-key="chosen">{count} Zeilen</span></div>';
  expect(words("chosen", "{count} lines", { count: 3 })).toBe("3 Zeilen");
  expect(words("other", "{count} lines", { count: 3 })).toBe("3 lines");
});

function typed(text: string, at = text.length, command = continueList): string {
  let state = EditorState.create({ doc: text, selection: { anchor: at } });
  const done = command({ state, dispatch: (change) => (state = change.state) });
  return done ? state.doc.toString() : "";
}

test("Enter goes on with a list and ends it on an empty item", () => {
  expect(typed("- one")).toBe("- one\n- ");
  expect(typed("9. nine")).toBe("9. nine\n10. ");
  expect(typed("- [x] done")).toBe("- [x] done\n- [ ] ");
  expect(typed("- one\n- ")).toBe("- one\n");
  expect(typed("plain")).toBe("");
});

test("Mod-b puts the mark around the place of writing", () => {
  expect(typed("ab", 1, around("**"))).toBe("a****b");
});

test("an older answer of the palette does not replace a newer one", async () => {
  vi.useFakeTimers();
  document.body.innerHTML = '<dialog id="palette"><input><ul role="listbox"></ul></dialog>';
  const dialog = document.querySelector("dialog")!;
  dialog.showModal = () => dialog.setAttribute("open", "");
  const waiting: ((html: string) => void)[] = [];
  vi.stubGlobal("fetch", () => new Promise<Response>((resolve) => waiting.push((html) => resolve(new Response(html)))));
  const palette = new Palette(dialog);
  palette.open();
  await vi.advanceTimersByTimeAsync(10);
  dialog.querySelector("input")!.value = "check";
  dialog.querySelector("input")!.dispatchEvent(new Event("input"));
  await vi.advanceTimersByTimeAsync(200);
  waiting[1]?.('<li><a href="/new">newer</a></li>');
  await vi.advanceTimersByTimeAsync(10);
  waiting[0]?.('<li><a href="/old">older</a></li>');
  await vi.advanceTimersByTimeAsync(10);
  expect(palette.options().map((option) => option.textContent)).toEqual(["newer"]);
  expect(palette.options()[0]?.getAttribute("aria-selected")).toBe("true");
  vi.useRealTimers();
  vi.unstubAllGlobals();
});
