import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { mountLanes } from "../src/islands/lanes";
import { Clock } from "../src/lanes/clock";
import { between } from "../src/lanes/crowd";
import { wholeWords } from "../src/lanes/mark";
import { levelsOf, levelsOfGaps, rowsOf, towards } from "../src/lanes/rows";
import type { Moment, Told } from "../src/lanes/told";
import { beginning, everything, panned, showing, span, zoomed } from "../src/lanes/view";

const start = Date.UTC(2026, 2, 9, 14, 0);
const at = (minutes: number): number => start + minutes * 60_000;
const moment = (id: string, lane: string, minutes: number, more: Partial<Moment> = {}): Moment => ({ id, lane, at: at(minutes), until: null, when: "exact", what: `What ${id} was`, pivot: false, differs: false, ...more });

const told = (): Told => ({
  lanes: [
    { id: "sys", name: "Checkout", kind: "system" },
    { id: "empty", name: "Nobody here", kind: "team" },
    { id: "sup", name: "Support desk", kind: "team" },
  ],
  moments: [moment("b", "sys", 20, { pivot: true }), moment("a", "sys", 5, { differs: true }), moment("c", "sup", 18), moment("d", "", 60)],
  gaps: [{ moment: "a", lane: "sup", since: at(5), at: at(40), how: "" }],
  times: [{ name: "Detected", at: at(7) }],
  evidence: { since: at(-600), until: at(600), step: 60_000, bins: [[at(0), 4]], points: null, behind: false },
});

test("lanes that hold nothing are not drawn, and moments in no lane come last", () => {
  const rows = rowsOf(told(), "No lane");
  expect(rows.map((row) => row.name)).toEqual(["Checkout", "Support desk", "No lane"]);
  expect(rows[0]!.moments.map((each) => each.id)).toEqual(["a", "b"]);
});

test("a moment in a lane that was taken away meanwhile is still drawn", () => {
  const rows = rowsOf({ ...told(), lanes: [] }, "No lane");
  expect(rows.map((row) => row.moments.length)).toEqual([4]);
});

test.each([
  ["a", "ArrowRight", "b"],
  ["b", "ArrowLeft", "a"],
  ["b", "ArrowRight", undefined],
  ["b", "Home", "a"],
  ["a", "End", "b"],
  ["b", "ArrowDown", "c"],
  ["c", "ArrowUp", "b"],
  ["d", "ArrowUp", "c"],
  ["a", "ArrowUp", undefined],
])("from %s %s leads to %s", (from, key, to) => {
  expect(towards(rowsOf(told(), "No lane"), from, key)?.id).toBe(to);
});

test("neighbours stand on levels of their own, and no more levels than there are", () => {
  expect(levelsOf([0, 5, 10, 12, 40], 17)).toEqual([0, 1, 2, 0, 0]);
  expect(levelsOf([0, 5, 10], 17, 1)).toEqual([0, 0, 0]);
  expect(levelsOf([0, 20, 40], 17)).toEqual([0, 0, 0]);
});

test("gaps that overlap in time lie below each other, others share a level", () => {
  const gap = (since: number, until: number): Told["gaps"][number] => ({ moment: "a", lane: "sup", since: at(since), at: at(until), how: "" });
  const gaps = [gap(0, 20), gap(10, 30), gap(25, 40), gap(35, 50)];
  expect([...levelsOfGaps(gaps).values()]).toEqual([0, 1, 0, 1]);
});

test("one begins at the moments and can go out to all evidence", () => {
  const first = beginning(told());
  expect(first.since).toBeLessThan(at(5));
  expect(first.until).toBeGreaterThan(at(60));
  expect(span(first)).toBeLessThan(at(120) - start);
  const all = everything(told());
  expect(all.since).toBeLessThan(at(-600));
  expect(all.until).toBeGreaterThan(at(600));
});

test("zooming keeps what is pointed at in its place, and stays within what there is", () => {
  const all = { since: at(0), until: at(100) };
  const closer = zoomed(all, 0.5, at(20), all);
  expect(span(closer)).toBe(span(all) / 2);
  expect((at(20) - closer.since) / span(closer)).toBeCloseTo(0.2);
  expect(zoomed(closer, 100, at(20), all)).toEqual(all);
  expect(span(zoomed(all, 1e-9, at(20), all))).toBe(10_000);
});

test("panning ends at the ends", () => {
  const all = { since: at(0), until: at(100) };
  expect(panned({ since: at(10), until: at(20) }, at(500) - start, all)).toEqual({ since: at(90), until: at(100) });
  expect(showing({ since: at(10), until: at(20) }, at(50), all).until).toBeCloseTo(at(51));
  const seen = { since: at(10), until: at(20) };
  expect(showing(seen, at(15), all)).toBe(seen);
});

test("times of a view are the ones inside", () => {
  expect(between([at(1), at(2), at(3)], { since: at(2), until: at(9) })).toEqual([at(2), at(3)]);
  expect(between([at(1)], { since: at(2), until: at(9) })).toEqual([]);
});

test("a ruler shows even times of the reader's own clock, and where a day begins", () => {
  const clock = new Clock("en-GB", "America/New_York");
  expect(clock.told(at(5))).toContain("10:05");
  const ticks = clock.ticks({ since: at(-600), until: at(600) }, 10);
  expect(ticks.find((tick) => tick.newDay)?.at).toBe(Date.UTC(2026, 2, 9, 4, 0));
  expect(ticks.find((tick) => tick.at === Date.UTC(2026, 2, 9, 16, 0))?.label).toBe("12:00");
});

test("a length of time is told in two figures at most", () => {
  const clock = new Clock("en-GB", "UTC");
  expect(clock.length(27 * 60_000 - 9_000)).toBe("26 mins");
  expect([40_000, 35 * 60_000, 125 * 60_000, 3 * 86_400_000].map((ms) => clock.length(ms))).toEqual(["40 secs", "35 mins", "2 hrs 5 mins", "3 days"]);
});

const page = `<section class="lanes" data-lanes="/lanes.json" data-timeline="/timeline"><div class="lanes__tools" hidden><button data-do="in"></button><button data-do="all"></button><output class="lanes__span"></output></div>
<div class="lanes__stage"></div><div class="lanes__card" hidden></div><p class="hints" hidden></p>
<div hidden><span data-say="lane-none">No lane</span><span data-say="stage">Moments by lane.</span><span data-say="pivot">pivot point</span><span data-say="differs">accounts differ</span><span data-say="about">about</span><span data-say="open">On the timeline</span><span data-say="failed">Not drawn.</span><span data-say="learned">{lane} learned of it at {time}, {length} after</span></div></section>`;

const answer = (data: unknown, ok = true): Promise<Response> => Promise.resolve({ ok, status: ok ? 200 : 500, json: () => Promise.resolve(data) } as Response);
const mark = (id: string): SVGAElement => document.querySelector<SVGAElement>(`[data-moment="${id}"]`)!;
const root = (): HTMLElement => document.querySelector<HTMLElement>(".lanes")!;
const press = (id: string, key: string): boolean => mark(id).dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));

beforeEach(() => {
  document.body.innerHTML = page;
  vi.stubGlobal("fetch", vi.fn(() => answer(told())));
  vi.stubGlobal("ResizeObserver", class { observe(): void {} disconnect(): void {} });
  vi.stubGlobal("matchMedia", () => new EventTarget());
  vi.stubGlobal("requestAnimationFrame", (run: FrameRequestCallback) => (run(0), 1));
  Object.defineProperty(HTMLElement.prototype, "clientWidth", { configurable: true, get: () => 1_000 });
  HTMLCanvasElement.prototype.getContext = (() => null) as never;
});
afterEach(() => vi.unstubAllGlobals());

test("each moment is a link with a name that says all its marks, and Tab reaches one of them", async () => {
  await mountLanes(root());
  expect(mark("a").getAttribute("href")).toBe("/timeline#m-a");
  expect(mark("a").getAttribute("aria-label")).toMatch(/14:05, Checkout: What a was\. accounts differ\. Support desk learned of it at .*14:40, 35 mins? after$/);
  expect(mark("b").getAttribute("aria-label")).toMatch(/pivot point$/);
  expect([...document.querySelectorAll("[data-moment][tabindex='0']")]).toHaveLength(1);
});

test("arrows move the focus and the card tells of what has it", async () => {
  await mountLanes(root());
  mark("a").focus();
  press("a", "ArrowRight");
  expect(document.activeElement).toBe(mark("b"));
  expect(mark("b").getAttribute("tabindex")).toBe("0");
  press("b", "ArrowDown");
  expect(document.activeElement).toBe(mark("c"));
  expect(document.querySelector(".lanes__card")!.textContent).toContain("What c was");
  expect(press("c", "x")).toBe(true);
});

test("plus brings closer about the moment in focus, zero shows all", async () => {
  await mountLanes(root());
  mark("b").focus();
  const place = (): number => Number(/translate\((-?[\d.]+)/.exec(mark("a").getAttribute("transform")!)![1]);
  const before = Number(/translate\((-?[\d.]+)/.exec(mark("b").getAttribute("transform")!)![1]) - place();
  press("b", "+");
  const after = Number(/translate\((-?[\d.]+)/.exec(mark("b").getAttribute("transform")!)![1]) - place();
  expect(after / before).toBeCloseTo(1.6, 1);
  press("b", "0");
  expect(Number(/translate\((-?[\d.]+)/.exec(mark("b").getAttribute("transform")!)![1]) - place()).toBeLessThan(before);
});

test("arrows lead to moments that are far from the view, and Tab always reaches one that is drawn", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const far = told();
  far.moments.push(moment("z", "sys", 3_000));
  vi.stubGlobal("fetch", vi.fn(() => answer(far)));
  await mountLanes(root());
  mark("a").focus();
  for (let times = 0; times < 9; times += 1) press("a", "+");
  vi.runOnlyPendingTimers();
  expect(mark("z").getAttribute("display")).toBe("none");
  press("a", "End");
  expect(document.activeElement).toBe(mark("z"));
  vi.runOnlyPendingTimers();
  expect(mark("a").getAttribute("display")).toBe("none");
  expect(mark("z").getAttribute("tabindex")).toBe("0");
  vi.useRealTimers();
});

test("pointing at a moment tells of it and leaves the keyboard where it was", async () => {
  await mountLanes(root());
  mark("a").focus();
  mark("c").dispatchEvent(new Event("pointerover", { bubbles: true }));
  expect(document.querySelector(".lanes__card")!.textContent).toContain("What c was");
  expect(document.activeElement).toBe(mark("a"));
  expect(mark("a").getAttribute("tabindex")).toBe("0");
});

test("no element gets a style in markup", async () => {
  await mountLanes(root());
  expect(root().innerHTML).not.toMatch(/<style/);
  expect(document.querySelectorAll(".gap")).toHaveLength(1);
  expect(document.querySelectorAll(".time")).toHaveLength(1);
});

test("when the lanes cannot be read the page says so", async () => {
  vi.stubGlobal("fetch", vi.fn(() => answer({}, false)));
  await mountLanes(root());
  expect(document.querySelector(".lanes__stage")!.textContent).toBe("Not drawn.");
});

test("without moments nothing is drawn", async () => {
  vi.stubGlobal("fetch", vi.fn(() => answer({ ...told(), moments: [], gaps: [] })));
  await mountLanes(root());
  expect(root().hidden).toBe(true);
});

test("when the table was read again the lanes are too, and the focus stays where it was", async () => {
  await mountLanes(root());
  mark("c").focus();
  const table = document.body.appendChild(document.createElement("section"));
  table.dataset["lanesTable"] = "";
  table.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true }));
  await vi.waitFor(() => expect(fetch).toHaveBeenCalledTimes(2));
  await vi.waitFor(() => expect(document.activeElement).toBe(mark("c")));
  expect(mark("c").getAttribute("tabindex")).toBe("0");
  expect(document.querySelectorAll(".lanes__svg")).toHaveLength(1);
});

test("names at the right edge stand before what they name", async () => {
  vi.stubGlobal("fetch", vi.fn(() => answer({ ...told(), times: [{ name: "Resolved", at: at(60) }] })));
  await mountLanes(root());
  expect(document.querySelector(".time__label")?.getAttribute("text-anchor")).toBe("end");
  expect(mark("d").querySelector(".mark__label")?.getAttribute("text-anchor")).toBe("end");
  expect(mark("a").querySelector(".mark__label")?.getAttribute("text-anchor")).toBe("start");
});

test("a label that does not fit ends with a whole word, and is left out rather than cut within one", () => {
  expect(wholeWords("The alert fires", 15)).toBe("The alert fires");
  expect(wholeWords("The latency alert fires", 17)).toBe("The latency…");
  expect(wholeWords("Unreasonablylongword here", 10)).toBe("");
});
