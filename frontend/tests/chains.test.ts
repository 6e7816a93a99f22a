import { beforeEach, expect, test, vi } from "vitest";
import { ChainEditor } from "../src/islands/chains";

const kinds = (kind: string): string => ["open", "condition", "person"].map((each) => `<option value="${each}"${each === kind ? " selected" : ""}></option>`).join("");

function branch(id: string, said: string, kind = "open", inside = ""): string {
  return `<li class="branch" data-link="${id}"><div class="branch__row">
    <input type="hidden" name="link" value="${id}"><input type="hidden" name="depth" value="0">
    <label for="w-${id}"></label><textarea id="w-${id}" name="words">${said}</textarea>
    <label for="k-${id}"></label><select id="k-${id}" name="kind">${kinds(kind)}</select>
    <details><summary></summary><button name="do" value="remove:${id}" data-step="remove"></button><button type="button" data-step="under"></button></details></div>
    <p class="branch__ask" hidden></p><ul class="tree">${inside}</ul></li>`;
}

let editor: ChainEditor;
let stored: { question: string; links: { words: string; depth: number; kind: string }[] }[];
let answers: Response[];

beforeEach(() => {
  stored = [];
  answers = [];
  document.body.innerHTML = `<div id="live-region"></div><form data-chain data-version="1" action="/reviews/r/chains/c">
    <input type="hidden" name="version" value="1"><textarea name="question">How?</textarea>
    <ul class="tree" data-tree>${branch("aaa", "A", "open", branch("bbb", "B"))}${branch("ccc", "C", "person")}</ul>
    <button type="button" data-step="add"></button><span data-chain-state></span><button type="button" data-step="undo" hidden></button></form>
    <template id="blank-branch">${branch("", "")}</template>`;
  vi.stubGlobal("fetch", (_url: string, sent: { body: string }) => {
    const { body, version } = JSON.parse(sent.body) as { body: string; version: number };
    const answer = answers.shift() ?? new Response(JSON.stringify({ version: version + 1 }), { status: 200 });
    if (answer.ok) stored.push(JSON.parse(body) as never);
    return Promise.resolve(answer);
  });
  editor = new ChainEditor(document.querySelector("form")!);
});

const drawn = (): string[] => (JSON.parse(editor.body()) as (typeof stored)[0]).links.map((link) => "  ".repeat(link.depth) + link.words);
const at = (id: string): HTMLInputElement => document.querySelector<HTMLInputElement>(`#w-${id}`)!;

function press(key: string, more: KeyboardEventInit = {}): boolean {
  return !document.activeElement!.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }));
}

test("Enter adds a line beside this one and below all that hangs on it, and it is saved with what is typed", async () => {
  at("aaa").focus();
  press("Enter");
  const fresh = document.activeElement as HTMLInputElement;
  fresh.value = "New";
  fresh.dispatchEvent(new Event("input", { bubbles: true }));
  expect(drawn()).toEqual(["A", "  B", "New", "C"]);
  await editor.saved();
  expect(stored.at(-1)?.links.map((link) => link.words)).toEqual(["A", "B", "New", "C"]);
  expect(fresh.id).toMatch(/^w-[2-9a-z]{12}$/);
});

test("Tab hangs a line on the one above, Shift-Tab takes it out again", () => {
  at("ccc").focus();
  expect(press("Tab")).toBe(true);
  expect(drawn()).toEqual(["A", "  B", "  C"]);
  press("Tab", { shiftKey: true });
  expect(drawn()).toEqual(["A", "  B", "C"]);
  expect(document.activeElement).toBe(at("ccc"));
});

test("Tab is a plain Tab where a line cannot go deeper, and always after Escape", () => {
  at("aaa").focus();
  expect(press("Tab")).toBe(false);
  at("ccc").focus();
  press("Escape");
  expect(press("Tab")).toBe(false);
  expect(drawn()).toEqual(["A", "  B", "C"]);
});

test("Alt and an arrow move a line among its sisters with all that hangs on it", () => {
  at("ccc").focus();
  press("ArrowUp", { altKey: true });
  expect(drawn()).toEqual(["C", "A", "  B"]);
  at("ccc").focus();
  press("ArrowDown", { altKey: true });
  expect(drawn()).toEqual(["A", "  B", "C"]);
});

test("a line is removed with all that hangs on it, and undo brings it back where it stood", () => {
  document.querySelector<HTMLButtonElement>('[data-link="aaa"] [data-step="remove"]')!.click();
  expect(drawn()).toEqual(["C"]);
  const undo = document.querySelector<HTMLButtonElement>("[data-step=undo]")!;
  expect(undo.hidden).toBe(false);
  undo.click();
  expect(drawn()).toEqual(["A", "  B", "C"]);
  expect(undo.hidden).toBe(true);
});

test("Backspace in an empty line removes it, in a full one it does not", () => {
  at("bbb").focus();
  press("Backspace");
  expect(drawn()).toEqual(["A", "  B", "C"]);
  at("bbb").value = "";
  press("Backspace");
  expect(drawn()).toEqual(["A", "C"]);
});

test("a line that ends in a person asks for the condition until something stands behind it", () => {
  const ask = document.querySelector<HTMLElement>('[data-link="ccc"] > .branch__ask')!;
  at("ccc").dispatchEvent(new Event("input", { bubbles: true }));
  expect(ask.hidden).toBe(false);
  document.querySelector<HTMLButtonElement>('[data-link="ccc"] [data-step="under"]')!.click();
  expect(ask.hidden).toBe(true);
  expect(drawn()).toEqual(["A", "  B", "C", "  "]);
});

test("two who changed one chain are both asked, and nothing of mine leaves the page", async () => {
  answers.push(new Response(JSON.stringify({ version: 5, body: "{}", by: "", at: "" }), { status: 409 }));
  at("ccc").value = "Mine";
  at("ccc").dispatchEvent(new Event("input", { bubbles: true }));
  await editor.saved();
  expect(stored).toEqual([]);
  expect(document.querySelector(".conflict p")?.textContent).toContain("not saved");
  document.querySelector<HTMLButtonElement>(".conflict button")!.click();
  await vi.waitFor(() => expect(stored.at(-1)?.links.at(-1)?.words).toBe("Mine"));
});
