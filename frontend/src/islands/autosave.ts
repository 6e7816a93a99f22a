/** Saves one text by PUT with the version it was read at. Knows nothing of how it looks. */

export interface Theirs {
  version: number;
  body: string;
  by: string;
  at: string;
}

/** What is kept in the browser until the server has it. */
export interface Keep {
  read(): { body: string; version: number } | null;
  write(body: string, version: number): void;
  clear(): void;
}

export type State = "saved" | "typing" | "saving" | "waiting" | "conflict" | "wrong";

export interface Wishes {
  url: string;
  body: string;
  version: number;
  keep: Keep;
  headers: () => Record<string, string>;
  show: (state: State, detail: string) => void;
  conflict: (mine: string, theirs: Theirs) => void;
  saved?: (version: number) => void;
}

const afterTyping = 800;
// somebody who types without a pause loses no more than this with the machine
const longestUnsaved = 900;
const firstRetry = 2_000;
const longestRetry = 30_000;
// browsers refuse to send more than this from a page that is going away
const keepaliveLimit = 60_000;

export class Autosave {
  private body: string;
  // null between asking and the answer that takes the words: what the server holds is not known
  private savedBody: string | null;
  private version: number;
  private state: State = "saved";
  private timer: ReturnType<typeof setTimeout> | undefined;
  private retry = firstRetry;
  private running: Promise<void> | null = null;
  private unsavedSince = 0;

  constructor(private readonly wishes: Wishes) {
    this.body = this.savedBody = wishes.body;
    this.version = wishes.version;
  }

  get dirty(): boolean {
    return this.body !== this.savedBody;
  }

  changed(body: string): void {
    this.body = body;
    if (this.state === "conflict") return this.remember();
    if (!this.dirty) return this.backAtSaved();
    this.remember();
    if (this.state === "saved" || this.state === "wrong") this.show("typing");
    this.soon();
  }

  /** What was typed was taken back before it was sent. */
  private backAtSaved(): void {
    clearTimeout(this.timer);
    this.unsavedSince = 0;
    if (this.state !== "saved") this.done(this.version);
  }

  /** Sends what is unsaved now; resolves when nothing is under way any more. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    if (this.running) await this.running;
    if (!this.dirty || this.state === "conflict") return;
    this.running = this.send(false).finally(() => (this.running = null));
    await this.running;
  }

  /** The page is going away: one last try that outlives it. */
  leaving(): void {
    if (!this.dirty || this.state === "conflict") return;
    this.remember();
    void this.send(true);
  }

  /** A conflict is settled: `body` is what shall stand, above the version the other one made. */
  settle(body: string, version: number): Promise<void> {
    this.body = body;
    this.version = version;
    this.savedBody = null;
    this.show("typing");
    return this.flush();
  }

  /** Words from an earlier visit stand on an earlier version: saving them must ask, not overwrite. */
  rewind(version: number): void {
    this.version = version;
  }

  /** Theirs is taken as it is: nothing is left to save. */
  take(theirs: Theirs): void {
    this.body = this.savedBody = theirs.body;
    this.version = theirs.version;
    this.done(theirs.version);
  }

  /** After a pause in typing, and without one before too much is unsaved. */
  private soon(): void {
    this.unsavedSince ||= Date.now();
    const left = this.unsavedSince + longestUnsaved - Date.now();
    // a server that cannot be reached is not asked at every key
    this.later(this.state === "waiting" ? afterTyping : Math.max(0, Math.min(afterTyping, left)));
  }

  private later(pause: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), pause);
  }

  private remember(): void {
    this.wishes.keep.write(this.body, this.version);
  }

  private show(state: State, detail = ""): void {
    this.state = state;
    this.wishes.show(state, detail);
  }

  private async send(last: boolean): Promise<void> {
    const body = this.body;
    this.unsavedSince = 0;
    const text = JSON.stringify({ body, version: this.version });
    this.show("saving");
    this.savedBody = null;
    const answer = await fetch(this.wishes.url, {
      method: "PUT",
      body: text,
      headers: { "Content-Type": "application/json", ...this.wishes.headers() },
      keepalive: last && text.length < keepaliveLimit,
    }).catch(() => null);
    await this.received(answer, body);
  }

  private async received(answer: Response | null, sent: string): Promise<void> {
    if (!answer || answer.status >= 500 || answer.status === 429) return this.tryAgain();
    if (answer.ok && !answer.redirected) return this.accept(sent, (await answer.json()) as { version: number });
    if (answer.status === 409) return this.disagree((await answer.json()) as Theirs);
    this.show("wrong", await reason(answer));
  }

  private accept(sent: string, { version }: { version: number }): void {
    this.version = version;
    this.savedBody = sent;
    this.retry = firstRetry;
    if (!this.dirty) return this.done(version);
    this.wishes.saved?.(version);
    this.remember();
    this.show("typing");
    this.later(afterTyping);
  }

  private done(version: number): void {
    this.wishes.keep.clear();
    this.wishes.saved?.(version);
    this.show("saved");
  }

  private tryAgain(): void {
    this.show("waiting");
    this.later(this.retry);
    this.retry = Math.min(this.retry * 2, longestRetry);
  }

  private disagree(theirs: Theirs): void {
    // both wrote the same: there is nothing to settle
    if (theirs.body === this.body) return this.take(theirs);
    this.remember();
    this.show("conflict");
    this.wishes.conflict(this.body, theirs);
  }
}

async function reason(answer: Response): Promise<string> {
  if (answer.redirected || answer.status === 401 || answer.status === 403) return "signedout";
  if (answer.status === 404) return "gone";
  const { detail } = (await answer.json().catch(() => ({}))) as { detail?: string };
  return detail ?? (answer.status === 413 ? "toolong" : "failed");
}

export function keepInBrowser(url: string, storage: Storage): Keep {
  const key = `words:${url}`;
  return {
    read: () => JSON.parse(storage.getItem(key) ?? "null") as { body: string; version: number } | null,
    write: (body, version) => {
      try {
        storage.setItem(key, JSON.stringify({ body, version }));
      } catch {
        // the browser's room is used up; the words are still in the page
      }
    },
    clear: () => storage.removeItem(key),
  };
}

/** For private texts: nothing of them is written to this device. */
export function keepInMemory(): Keep {
  let kept: { body: string; version: number } | null = null;
  return {
    read: () => kept,
    write: (body, version) => (kept = { body, version }),
    clear: () => (kept = null),
  };
}
