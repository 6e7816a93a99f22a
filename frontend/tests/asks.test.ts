import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { mountAsking } from "../src/asks/area";
import { paragraphs } from "../src/asks/paragraphs";
import { type Finding, Reader, carried } from "../src/asks/reading";

const nothing = { message: "It tells of a world that was not there.", questions: ["What happened instead?"], skeletons: ["At {time} it was {what}."], edits: [], cap: 0, stands: null };

function finding(text: string, words: string, more: Partial<Finding> = {}): Finding {
  const from = text.indexOf(words);
  return { ...nothing, key: words.padEnd(32, "."), rule: "SS201", from, to: from + words.length, begins: 0, after: text.length, instead: false, ...more };
}

interface Sent {
  paragraphs: { words: string; before: string }[];
  text: string;
  about: string;
  field: string;
  key: string;
  reason: string;
}

/** A server that finds “should have” once in a paragraph. */
class Server {
  asked: Sent[] = [];
  stood: [string, Sent][] = [];
  reachable = true;

  fetch = async (url: unknown, init?: RequestInit): Promise<Response> => {
    if (!this.reachable) throw new TypeError("network");
    const sent = JSON.parse(String(init?.body)) as Sent;
    if (url === "/texts/standing") {
      this.stood.push([String(init?.method), sent]);
      return new Response(null, { status: 204 });
    }
    this.asked.push(sent);
    return Response.json({ paragraphs: sent.paragraphs.map(({ words }) => (words.includes("should have") ? [finding(words, "should have", { cap: 2 })] : [])) });
  };
}

let server: Server;

beforeEach(() => {
  server = new Server();
  vi.stubGlobal("fetch", server.fetch);
  vi.stubGlobal("ResizeObserver", class { observe(): void {} });
  document.head.innerHTML = '<meta name="questions" content="/texts/questions"><meta name="standing" content="/texts/standing"><meta name="about" content="review">';
  // jsdom types for nobody
  document.execCommand = () => false;
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  document.body.innerHTML = document.head.innerHTML = "";
});

test("paragraphs end at blank lines and headings, and know the headings above them", () => {
  const text = "# Timeline\nIt began.\n\n## 14:05\n\nThe page came.\nAll of it.\n\n# Actions\n- Be careful.";
  const found = paragraphs(text);
  expect(found.map(({ from, words }) => text.slice(from, from + words.length) === words)).not.toContain(false);
  expect(found.map(({ words }) => words)).toEqual(["# Timeline", "It began.", "## 14:05", "The page came.\nAll of it.", "# Actions", "- Be careful."]);
  expect(found.map(({ before }) => before)).toEqual(["", "# Timeline", "# Timeline", "# Timeline\n\n## 14:05", "# Timeline\n\n## 14:05", "# Actions"]);
});

test("code and comments stay whole, whatever blank lines are in them", () => {
  const code = "```\nshould have\n\nshould have\n```";
  const comment = "<!-- should have\n\nshould have -->";
  expect(paragraphs(`${code}\n\nWords.\n\n${comment}\n\nMore.`).map(({ words }) => words)).toEqual([code, "Words.", comment, "More."]);
  expect(paragraphs("~~~~\na\n~~~\n\nb\n~~~~\nend").map(({ words }) => words)).toEqual(["~~~~\na\n~~~\n\nb\n~~~~\nend"]);
});

test("a field under a heading says so", () => {
  expect(paragraphs("Be careful.", "actions")[0]?.before).toBe("# actions");
});

test("only paragraphs that are new are sent, and places count in the whole text", async () => {
  const reader = new Reader({ text: "abc", about: "review", field: "prose", under: "" });
  await reader.read("One.\n\nIt should have run.");
  const found = await reader.read("One, changed.\n\nIt should have run.");
  expect(server.asked.map((each) => each.paragraphs.map(({ words }) => words))).toEqual([["One.", "It should have run."], ["One, changed."]]);
  expect(server.asked[0]).toMatchObject({ text: "abc", about: "review", field: "prose" });
  expect(found?.map(({ from, to }) => "One, changed.\n\nIt should have run.".slice(from, to))).toEqual(["should have"]);
});

test("a rule speaks as often in a text as it may, not in each paragraph", async () => {
  const reader = new Reader({ text: "", about: "", field: "prose", under: "" });
  const found = await reader.read(["a", "b", "c", "d"].map((each) => `${each} should have`).join("\n\n"));
  expect(found).toHaveLength(2);
});

test("a long text is sent in pieces, and a server that does not answer leaves it unread", async () => {
  const reader = new Reader({ text: "", about: "", field: "prose", under: "" });
  const text = Array.from({ length: 30 }, (_, number) => `${number} ${"word ".repeat(300)}`).join("\n\n");
  await reader.read(text);
  expect(server.asked.length).toBeGreaterThan(1);
  expect(server.asked.every((each) => JSON.stringify(each).length < 25_000)).toBe(true);
  server.reachable = false;
  expect(await reader.read("Something else.")).toBeNull();
});

test("underlines move with their words, and go when their sentence is touched", () => {
  const before = "First. It should have run. Last.";
  const found = [finding(before, "should have", { after: 26 })];
  const at = (now: string): string[] => carried(found, before, now).map(({ from, to }) => now.slice(from, to));
  expect(at(`At once. ${before}`)).toEqual(["should have"]);
  expect(at(`${before} More.`)).toEqual(["should have"]);
  expect(at(before.replace("have", "not have"))).toEqual([]);
});

function field(html: string): HTMLTextAreaElement {
  document.body.innerHTML = `<form>${html}</form><div id="live-region"></div>`;
  const area = document.querySelector("textarea")!;
  mountAsking(area);
  return area;
}

async function typed(area: HTMLTextAreaElement, words: string): Promise<void> {
  area.value = words;
  area.dispatchEvent(new Event("input", { bubbles: true }));
  await vi.advanceTimersByTimeAsync(1_000);
}

function key(target: Element, name: string, more: KeyboardEventInit = {}): boolean {
  return target.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true, ...more }));
}

test("in a plain field the layer repeats the words and underlines what is asked about", async () => {
  const area = field('<label class="field"><span class="field__label">What happened</span><textarea name="what"></textarea></label>');
  await typed(area, "It should have run.");
  const layer = document.querySelector(".asks-layer")!;
  expect(layer.textContent).toBe("It should have run.\n");
  expect(layer.getAttribute("aria-hidden")).toBe("true");
  expect([...layer.querySelectorAll(".asks-mark")].map((each) => each.textContent)).toEqual(["should have"]);
  expect(document.querySelector(".asks-open")?.textContent).toBe("Question: What happened");
  expect(document.querySelector("label .asks-open")).toBeNull();
});

test("the card comes by key, says what is asked, counts nothing and goes with Escape", async () => {
  const area = field("<textarea></textarea>");
  await typed(area, "It should have run.\n\nShe should have seen.");
  area.focus();
  expect(key(area, "q", { altKey: true, code: "KeyQ" })).toBe(false);
  const card = document.querySelector<HTMLElement>(".asks-card")!;
  expect(document.activeElement).toBe(card);
  expect(card.textContent).toContain("What happened instead?");
  expect(card.textContent).not.toMatch(/\d/);
  expect(card.closest("form")).not.toBeNull();
  expect(card.querySelector("form")).toBeNull();
  key(card, "Escape");
  expect(document.querySelector(".asks-card")).toBeNull();
  expect(document.activeElement).toBe(area);
});

test("a field without anything to ask leaves the key to others", async () => {
  const area = field("<textarea></textarea>");
  await typed(area, "It ran.");
  expect(key(area, "q", { altKey: true, code: "KeyQ" })).toBe(true);
  expect(document.querySelector<HTMLElement>(".asks-open")?.hidden).toBe(true);
});

test("what is let stand needs a reason, loses its line, and can be asked again", async () => {
  const area = field("<textarea></textarea>");
  const told: Event[] = [];
  document.querySelector("form")!.addEventListener("input", (event) => told.push(event));
  await typed(area, "It should have run.");
  told.length = 0;
  key(area, "q", { altKey: true, code: "KeyQ" });
  const input = document.querySelector<HTMLInputElement>(".asks-card input")!;
  key(input, "Enter");
  expect(server.stood).toEqual([]);
  input.value = " It quotes the runbook. ";
  input.dispatchEvent(new Event("input", { bubbles: true }));
  expect(key(input, "Enter")).toBe(false);
  await vi.advanceTimersByTimeAsync(100);
  expect(told).toEqual([]);
  expect(server.stood.map(([method, { reason, about }]) => [method, reason, about])).toEqual([["PUT", "It quotes the runbook.", "review"]]);
  expect(document.querySelector(".asks-card")).toBeNull();
  expect(document.querySelector(".asks-mark")).toBeNull();
  document.querySelector<HTMLElement>(".asks-open")!.click();
  expect(document.querySelector(".asks-card")?.textContent).toContain("It quotes the runbook.");
  [...document.querySelectorAll<HTMLElement>(".asks-card button")].find((each) => each.textContent === "Ask again")!.click();
  await vi.advanceTimersByTimeAsync(100);
  expect(document.querySelector(".asks-mark")).not.toBeNull();
});

test("an open card stays with its words while others are typed before them and the sentence gets its full stop", async () => {
  const area = field("<textarea></textarea>");
  await typed(area, "It should have run");
  key(area, "q", { altKey: true, code: "KeyQ" });
  await typed(area, "At two. It should have run");
  await typed(area, "At two. It should have run.");
  expect(document.querySelector(".asks-card")).not.toBeNull();
  document.querySelector<HTMLElement>(".asks-card__skeleton")!.click();
  expect(area.value).toBe("At two. It should have run. At {time} it was {what}.");
  expect(area.value.slice(area.selectionStart, area.selectionEnd)).toBe("{time}");
});

test("the card goes with the words it asked about", async () => {
  const area = field("<textarea></textarea>");
  await typed(area, "It should have run.");
  key(area, "q", { altKey: true, code: "KeyQ" });
  await typed(area, "It ran.");
  expect(document.querySelector(".asks-card")).toBeNull();
});
