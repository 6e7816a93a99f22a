import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Autosave, type State, type Theirs, keepInBrowser, keepInMemory } from "../src/islands/autosave";

/** A server that holds one text, as the real one does: a version that is not the newest is a conflict. */
class Server {
  version = 3;
  body = "As it was";
  by = "Bo";
  reachable = true;
  status = 200;
  asked: { body: string; version: number; keepalive: boolean }[] = [];

  fetch = async (_url: unknown, init?: RequestInit): Promise<Response> => {
    const sent = JSON.parse(String(init?.body)) as { body: string; version: number };
    this.asked.push({ ...sent, keepalive: init?.keepalive ?? false });
    if (!this.reachable) throw new TypeError("network");
    if (this.status !== 200) return Response.json({ detail: "Over 200000 characters." }, { status: this.status });
    if (sent.version !== this.version) return Response.json({ version: this.version, body: this.body, by: this.by, at: "2026-03-04T14:05:00Z" }, { status: 409 });
    this.version += 1;
    this.body = sent.body;
    return Response.json({ version: this.version });
  };
}

let server: Server;
let states: [State, string][];
let conflicts: [string, Theirs][];

function saver(keep = keepInMemory()): Autosave {
  return new Autosave({
    url: "/texts/abc",
    body: server.body,
    version: server.version,
    keep,
    headers: () => ({}),
    show: (state, detail) => states.push([state, detail]),
    conflict: (mine, theirs) => conflicts.push([mine, theirs]),
  });
}

beforeEach(() => {
  vi.useFakeTimers();
  server = new Server();
  states = [];
  conflicts = [];
  vi.stubGlobal("fetch", server.fetch);
  localStorage.clear();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const last = (): State | undefined => states.at(-1)?.[0];

test("words are saved once after the writer pauses", async () => {
  const text = saver();
  text.changed("A");
  await vi.advanceTimersByTimeAsync(50);
  text.changed("As it is now");
  await vi.advanceTimersByTimeAsync(799);
  expect(server.asked).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(server.asked).toEqual([{ body: "As it is now", version: 3, keepalive: false }]);
  expect(last()).toBe("saved");
});

test("typing without a pause never leaves more than a second unsaved", async () => {
  const text = saver();
  for (let letter = 1; letter <= 30; letter++) {
    text.changed("x".repeat(letter));
    await vi.advanceTimersByTimeAsync(100);
    if (letter > 10) expect(server.body.length).toBeGreaterThanOrEqual(letter - 10);
  }
});

test("what is typed while a save is under way is saved above its version", async () => {
  const text = saver();
  text.changed("one");
  const first = text.flush();
  text.changed("one two");
  await first;
  expect(last()).not.toBe("saved");
  await vi.advanceTimersByTimeAsync(800);
  expect(server.body).toBe("one two");
  expect(server.version).toBe(5);
  expect(last()).toBe("saved");
});

test("words taken back before they were sent are as saved as before", async () => {
  const keep = keepInMemory();
  const text = saver(keep);
  text.changed("As it was!");
  text.changed("As it was");
  expect(last()).toBe("saved");
  expect(text.dirty).toBe(false);
  expect(keep.read()).toBeNull();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(server.asked).toEqual([]);
});

test("words taken back while they are being sent are saved as they were", async () => {
  const text = saver();
  text.changed("As it was!");
  const sending = text.flush();
  text.changed("As it was");
  expect(last()).toBe("saving");
  await sending;
  await vi.advanceTimersByTimeAsync(1_000);
  expect(server.body).toBe("As it was");
  expect(last()).toBe("saved");
});

test("words taken back after a lost answer are still sent: the server may hold the others", async () => {
  const text = saver();
  server.reachable = false;
  text.changed("As it was!");
  await vi.advanceTimersByTimeAsync(800);
  text.changed("As it was");
  expect(last()).toBe("waiting");
  server.reachable = true;
  await vi.advanceTimersByTimeAsync(5_000);
  expect(server.asked.at(-1)?.body).toBe("As it was");
  expect(last()).toBe("saved");
});

test("an unreachable server keeps the words and is tried again until it has them", async () => {
  const keep = keepInBrowser("/texts/abc", localStorage);
  const text = saver(keep);
  server.reachable = false;
  text.changed("written in a tunnel");
  await vi.advanceTimersByTimeAsync(900);
  expect(last()).toBe("waiting");
  expect(keep.read()).toEqual({ body: "written in a tunnel", version: 3 });
  server.reachable = true;
  await vi.advanceTimersByTimeAsync(2_100);
  expect(server.body).toBe("written in a tunnel");
  expect(last()).toBe("saved");
  expect(keep.read()).toBeNull();
});

test("a private text leaves nothing in the browser", async () => {
  const text = saver(keepInMemory());
  server.reachable = false;
  text.changed("for nobody else");
  await vi.advanceTimersByTimeAsync(5_000);
  expect(localStorage.length).toBe(0);
  expect(text.dirty).toBe(true);
});

test("a text changed by somebody else is not overwritten, and both stay", async () => {
  const text = saver();
  server.version = 4;
  server.body = "As Bo wrote it";
  text.changed("As I wrote it");
  await text.flush();
  expect(last()).toBe("conflict");
  expect(conflicts[0]?.[0]).toBe("As I wrote it");
  expect(conflicts[0]?.[1].body).toBe("As Bo wrote it");
  text.changed("As I wrote it, and more");
  await vi.advanceTimersByTimeAsync(5_000);
  expect(server.body).toBe("As Bo wrote it");
  await text.settle("As both of us wrote it", 4);
  expect(server.body).toBe("As both of us wrote it");
  expect(last()).toBe("saved");
});

test("two people who wrote the same are not asked", async () => {
  const text = saver();
  server.version = 4;
  server.body = "The same";
  text.changed("The same");
  await text.flush();
  expect(conflicts).toEqual([]);
  expect(last()).toBe("saved");
});

test("a refusal is told in the server's own words and the words stay unsaved", async () => {
  const text = saver();
  server.status = 413;
  text.changed("too much");
  await text.flush();
  expect(states.at(-1)).toEqual(["wrong", "Over 200000 characters."]);
  expect(text.dirty).toBe(true);
});

test("a page that goes away sends its words once more, in a way that outlives it", async () => {
  const text = saver();
  text.changed("last words");
  text.leaving();
  await vi.advanceTimersByTimeAsync(0);
  expect(server.asked).toEqual([{ body: "last words", version: 3, keepalive: true }]);
});

test("words kept from an earlier visit meet a newer text as a conflict", async () => {
  server.version = 9;
  const text = saver();
  text.rewind(7);
  text.changed("from before");
  await text.flush();
  expect(last()).toBe("conflict");
  expect(conflicts[0]?.[1].version).toBe(9);
});
