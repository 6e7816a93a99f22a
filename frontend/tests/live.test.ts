import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Live, concerned, topicsOfPage } from "../src/islands/live";

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
