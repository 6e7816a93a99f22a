import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startConfided } from "../src/islands/confided";
import { startTimesBeside } from "../src/islands/story";

beforeEach(() => {
  document.body.innerHTML = `
    <div class="editor"><div class="cm-content" tabindex="0" id="one"></div></div><textarea data-text-url="/texts/1"></textarea>
    <div class="editor"><div class="cm-content" tabindex="0" id="two"></div></div><textarea data-text-url="/texts/2"></textarea>
    <textarea data-private id="own"></textarea>
    <aside data-types-times><details><summary>Beside</summary><button data-types="14:05">a</button><button data-types="14:09">b</button></details></aside>`;
});
afterEach(() => vi.unstubAllGlobals());

const areas = (): HTMLTextAreaElement[] => [...document.querySelectorAll<HTMLTextAreaElement>("textarea[data-text-url]")];

test("a time is typed where somebody was writing last", () => {
  startTimesBeside();
  const typed: string[] = [];
  areas().forEach((area, at) => area.addEventListener("typewords", (event) => typed.push(`${at}:${(event as CustomEvent<string>).detail}`)));
  document.getElementById("two")?.focus();
  document.querySelector<HTMLElement>("[data-types]")?.click();
  expect(typed).toEqual(["1:14:05"]);
});

test("j and k move through the lines, and Alt+T comes there from the text", () => {
  startTimesBeside();
  const [first, second] = document.querySelectorAll<HTMLElement>("[data-types]");
  document.getElementById("one")?.focus();
  document.getElementById("one")?.dispatchEvent(new KeyboardEvent("keydown", { key: "t", altKey: true, bubbles: true, cancelable: true }));
  expect(document.querySelector("details")?.open).toBe(true);
  expect(document.activeElement).toBe(first);
  first?.dispatchEvent(new KeyboardEvent("keydown", { key: "j", bubbles: true, cancelable: true }));
  expect(document.activeElement).toBe(second);
});

function pastes(into: Element, text: string): void {
  const event = Object.assign(new Event("paste", { bubbles: true }), { clipboardData: { getData: () => text } });
  into.dispatchEvent(event);
}

test("only eight words or more, and not in one's own account, are asked about", async () => {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (address: string) => {
    asked.push(address);
    return new Response(null, { status: 204 });
  });
  history.replaceState(null, "", "/reviews/abcabcabcabc/write");
  startConfided();
  const eight = "one two three four five six seven eight";
  pastes(document.getElementById("one")!, "one two three four five six seven");
  pastes(document.getElementById("own")!, eight);
  expect(asked).toEqual([]);
  pastes(document.getElementById("one")!, eight);
  expect(asked).toEqual(["/reviews/abcabcabcabc/stories/confided"]);
});

test("words that were confided are taken out again when one says so", async () => {
  vi.stubGlobal("fetch", async () => new Response(null, { status: 200 }));
  vi.stubGlobal("confirm", () => true);
  history.replaceState(null, "", "/reviews/abcabcabcabc/write");
  startConfided();
  const [area] = areas();
  area!.value = "Before";
  const back: string[] = [];
  area!.addEventListener("putback", (event) => back.push((event as CustomEvent<string>).detail));
  pastes(document.getElementById("one")!, "one two three four five six seven eight");
  await vi.waitFor(() => expect(back).toContain("Before"));
});
