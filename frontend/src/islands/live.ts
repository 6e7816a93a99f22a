import { announce, setting, words } from "../shared/page";

const unknownRoom = 4404;
const longestPause = 30_000;

/**
 * One socket for the page. It carries ids and nothing else: a part that says `data-live="review:abc"` learns that
 * something changed and reads again as its reader, either at once (`data-live-refresh`, an address) or when asked to.
 */
export class Live {
  private pause = 1_000;
  private socket: WebSocket | null = null;
  private broken = false;

  constructor(
    private readonly address: string,
    private readonly topics: () => string[],
    private readonly changed: (ids: string[]) => void,
    private readonly open: (address: string) => WebSocket = (at) => new WebSocket(at),
    private readonly lost: () => void = () => undefined,
  ) {}

  connect(): void {
    this.socket = this.open(this.address);
    this.socket.addEventListener("open", () => {
      this.pause = 1_000;
      for (const topic of this.topics()) this.socket?.send(JSON.stringify({ hear: topic }));
      // what happened while the line was down is not known, so everything counts as changed
      if (this.broken) this.changed(["*"]);
      this.broken = false;
    });
    this.socket.addEventListener("message", (event) => this.read(String(event.data)));
    this.socket.addEventListener("close", (event) => this.again(event.code));
  }

  close(): void {
    this.pause = Infinity;
    this.socket?.close();
  }

  private read(text: string): void {
    const { changed } = JSON.parse(text) as { changed?: string[] };
    if (changed?.length) this.changed(changed);
  }

  private again(code: number): void {
    if (code === unknownRoom) return this.lost();
    if (this.pause === Infinity) return;
    this.broken = true;
    setTimeout(() => this.connect(), this.pause * (0.75 + Math.random() / 2));
    this.pause = Math.min(this.pause * 2, longestPause);
  }
}

export function topicsOfPage(): string[] {
  const named = [...document.querySelectorAll<HTMLElement>("[data-live]")].flatMap((part) => (part.dataset["live"] ?? "").split(/\s+/));
  return [...new Set(named.filter(Boolean))];
}

export function concerned(ids: string[]): HTMLElement[] {
  const all = [...document.querySelectorAll<HTMLElement>("[data-live]")];
  return all.filter((part) => ids.includes("*") || (part.dataset["live"] ?? "").split(/\s+/).some((id) => ids.includes(id)));
}

type Fetch = (part: HTMLElement, address: string) => Promise<void>;

export function startLive(fetchAgain: Fetch): void {
  keepFromUnderHands();
  if (!setting("live") || !document.querySelector("[data-live]")) return;
  const address = new URL(setting("live"), location.href);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  const live = new Live(address.href, topicsOfPage, (ids) => concerned(ids).forEach((part) => tell(part, ids, fetchAgain)), undefined, () => leave());
  addEventListener("pagehide", () => live.close());
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  live.connect();
}

export function tell(part: HTMLElement, ids: string[], fetchAgain: Fetch): void {
  const address = part.dataset["liveRefresh"];
  if (address && !inHand(part)) return void readAgain(part, address, fetchAgain);
  if (ids.some((id) => id === "*" || id.startsWith("held:"))) leave(part);
  if (!ids.includes("*") || address) showBar();
}

const underWay = new Set<string>();
const missed = new Set<string>();

/** One request for a part at a time; what changes meanwhile may not be in its answer, so the part is then read once more. */
async function readAgain(part: HTMLElement, address: string, fetchAgain: Fetch): Promise<void> {
  if (underWay.has(part.id)) return void missed.add(part.id);
  underWay.add(part.id);
  await fetchAgain(part, address).catch(() => undefined);
  underWay.delete(part.id);
  const now = missed.delete(part.id) ? document.getElementById(part.id) : null;
  if (now) tell(now, [], fetchAgain);
}

/** A menu may be opened, or a field gone into, while the answer is on its way: it is not put in then either. */
export function keepFromUnderHands(): void {
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { detail } = event as CustomEvent<{ target: HTMLElement; requestConfig: { elt: Element }; shouldSwap: boolean }>;
    if (detail.requestConfig.elt !== detail.target || !detail.target.dataset["liveRefresh"] || !inHand(detail.target)) return;
    detail.shouldSwap = false;
    showBar();
  });
}

/** What others shared and may take back goes even from under somebody's hands; nothing else does. */
function inHand(part: HTMLElement): boolean {
  return !part.hasAttribute("data-live-leave") && busy(part);
}

/** Whoever may hear no more may read no more: what others shared does not stay on the screen. */
function leave(within: ParentNode = document): void {
  for (const part of within.querySelectorAll("[data-live-leave]")) part.replaceChildren();
}

/** Somebody is writing in this part: it is not taken from under their hands. */
function busy(part: HTMLElement): boolean {
  return part.querySelector("[data-open], .cm-focused, input:focus, textarea:focus, select:focus, details.menu[open]") !== null;
}

function showBar(): void {
  const bar = document.getElementById("changed");
  if (!bar || !bar.hidden) return;
  bar.hidden = false;
  announce(words("changed", "This page has changed."));
}
