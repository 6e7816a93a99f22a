import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Live, concerned, keepFromUnderHands, tell, topicsOfPage } from "../src/islands/live";

class Line extends EventTarget {
  static all: Line[] = [];
  sent: string[] = [];
  constructor() {
    super();
    Line.all.push(this);
  }
  send(text: string): void {
    this.sent.push(text);
  }
  close(): void {
    this.dispatchEvent(Object.assign(new Event("close"), { code: 1000 }));
  }
  opened(): void {
    this.dispatchEvent(new Event("open"));
  }
  hears(text: string): void {
    this.dispatchEvent(new MessageEvent("message", { data: text }));
  }
  breaks(code: number): void {
    this.dispatchEvent(Object.assign(new Event("close"), { code }));
  }
}

let heard: string[][];

function live(): Live {
  return new Live("ws://localhost/live", topicsOfPage, (ids) => heard.push(ids), () => new Line() as unknown as WebSocket);
}

beforeEach(() => {
  vi.useFakeTimers();
  Line.all = [];
  heard = [];
  document.body.innerHTML = '<p id="a" data-live="review:1 import:7"></p><p id="b" data-live="review:1"></p><p id="c" data-live="review:2"></p>';
});
afterEach(() => vi.useRealTimers());

test("a page asks to hear each of its topics once", () => {
  live().connect();
  Line.all[0]?.opened();
  expect(Line.all[0]?.sent).toEqual(['{"hear":"review:1"}', '{"hear":"import:7"}', '{"hear":"review:2"}']);
});

test("only the parts that named an id are concerned", () => {
  expect(concerned(["import:7"]).map((part) => part.id)).toEqual(["a"]);
  expect(concerned(["review:1"]).map((part) => part.id)).toEqual(["a", "b"]);
  expect(concerned(["review:9"])).toEqual([]);
});

test("ids that arrive are passed on", () => {
  live().connect();
  Line.all[0]?.opened();
  Line.all[0]?.hears('{"changed": ["review:1"]}');
  expect(heard).toEqual([["review:1"]]);
});

test("a broken line is taken up again, and what was missed counts as changed", async () => {
  live().connect();
  Line.all[0]?.opened();
  Line.all[0]?.breaks(1006);
  await vi.advanceTimersByTimeAsync(1_500);
  expect(Line.all).toHaveLength(2);
  Line.all[1]?.opened();
  expect(heard).toEqual([["*"]]);
});

test("pauses grow while the server stays away", async () => {
  live().connect();
  for (let tries = 0; tries < 12; tries++) {
    Line.all.at(-1)?.breaks(1006);
    await vi.advanceTimersByTimeAsync(40_000);
  }
  const before = Line.all.length;
  Line.all.at(-1)?.breaks(1006);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(Line.all).toHaveLength(before);
});

test("a closed room is not asked again", async () => {
  live().connect();
  Line.all[0]?.breaks(4404);
  await vi.advanceTimersByTimeAsync(120_000);
  expect(Line.all).toHaveLength(1);
});

test("who may hear no more is told so, and does not ask again", () => {
  let lost = 0;
  const one = new Live("ws://localhost/live", topicsOfPage, (ids) => heard.push(ids), () => new Line() as unknown as WebSocket, () => (lost += 1));
  one.connect();
  Line.all[0]?.opened();
  Line.all[0]?.breaks(4404);
  vi.advanceTimersByTime(60_000);
  expect(lost).toBe(1);
  expect(Line.all.length).toBe(1);
});

const MENU = '<details class="menu"><summary>More</summary></details>';

function region(inside: string, more = ""): HTMLElement {
  document.body.innerHTML = `<div id="changed" hidden></div><div id="rows" data-live="review:1" data-live-refresh="/rows"${more}>${inside}</div>`;
  return document.getElementById("rows")!;
}

function put(part: HTMLElement, sender: Element = part): boolean {
  const detail = { target: part, requestConfig: { elt: sender }, shouldSwap: true };
  part.dispatchEvent(new CustomEvent("htmx:beforeSwap", { bubbles: true, detail }));
  return detail.shouldSwap;
}

const barIsShown = (): boolean => !document.getElementById("changed")!.hidden;

test("a part is not read again while a menu in it is open", () => {
  const asked = vi.fn(() => Promise.resolve());
  const part = region(MENU);
  part.querySelector("details")!.open = true;
  tell(part, ["review:1"], asked);
  expect(asked).not.toHaveBeenCalled();
  expect(barIsShown()).toBe(true);
});

test("an answer that was on its way when a menu was opened does not close it", () => {
  keepFromUnderHands();
  const part = region(MENU);
  expect(put(part)).toBe(true);
  part.querySelector("details")!.open = true;
  expect(put(part)).toBe(false);
  expect(barIsShown()).toBe(true);
});

test("nor does it take away a field that somebody went into", () => {
  keepFromUnderHands();
  for (const field of ["<input>", "<textarea></textarea>", "<select></select>"]) {
    const part = region(field);
    (part.firstElementChild as HTMLElement).focus();
    expect(put(part)).toBe(false);
  }
});

test("what somebody sent from an open menu is answered there", () => {
  keepFromUnderHands();
  const part = region(MENU);
  part.querySelector("details")!.open = true;
  expect(put(part, part.querySelector("summary")!)).toBe(true);
});

test("what others may take back goes even from under somebody's hands", () => {
  keepFromUnderHands();
  const asked = vi.fn(() => Promise.resolve());
  const part = region("<input>", " data-live-leave");
  part.querySelector("input")!.focus();
  tell(part, ["review:1"], asked);
  expect(asked).toHaveBeenCalled();
  expect(put(part)).toBe(true);
});

test("a change that comes while a part is being read is read too, once", async () => {
  const answers: (() => void)[] = [];
  const asked = vi.fn(() => new Promise<void>((resolve) => answers.push(resolve)));
  const part = region("");
  for (let times = 0; times < 3; times++) tell(part, ["review:1"], asked);
  expect(asked).toHaveBeenCalledTimes(1);
  answers[0]?.();
  await vi.waitFor(() => expect(asked).toHaveBeenCalledTimes(2));
  answers[1]?.();
  await Promise.resolve();
  expect(asked).toHaveBeenCalledTimes(2);
});
