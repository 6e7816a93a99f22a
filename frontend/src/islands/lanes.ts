import { Clock } from "../lanes/clock";
import { CrowdCanvas } from "../lanes/crowd";
import { listen } from "../lanes/pointing";
import { rowsOf, towards, type Row } from "../lanes/rows";
import { Stage, type Say } from "../lanes/stage";
import { fetched, type Crowd, type Told } from "../lanes/told";
import { beginning, everything, panned, showing, span, zoomed, type View } from "../lanes/view";
import { Whole } from "../lanes/whole";
import { filledIn, language, setting } from "../shared/page";

const crowdHeight = 54;
const settledAfter = 220;
const step = 1.6;
const deeds = ["in", "out", "earlier", "later", "all"] as const;
type Deed = (typeof deeds)[number];
const keys: Record<string, Deed> = { "+": "in", "=": "in", "-": "out", "−": "out", "0": "all" };

/** The lanes of a review, drawn: zoom, brush and pan by pointer, everything by keyboard. The page's table says the same. */
export async function mountLanes(root: HTMLElement): Promise<void> {
  const say: Say = (key, values = {}) => filledIn(root.querySelector(`[data-say="${key}"]`)?.textContent ?? key, values);
  const part = <T extends Element>(selector: string): T => root.querySelector<T>(selector)!;
  let drawn: Lanes | null = null;
  const draw = async (): Promise<void> => {
    try {
      const told = await fetched<Told>(root.dataset["lanes"]!);
      const focused = root.contains(document.activeElement) ? document.activeElement?.closest<SVGElement>("[data-moment]")?.dataset["moment"] : undefined;
      const next = told.moments.length || told.gaps.length ? new Lanes(root, part, told, say, drawn) : null;
      drawn?.leave();
      drawn = next;
      if (focused) next?.focus(focused);
      root.hidden = next === null;
    } catch {
      part(".lanes__stage").textContent = say("failed");
    }
  };
  await draw();
  // the table was read again because something changed
  const again = (event: Event): void => {
    if (!root.isConnected) document.removeEventListener("htmx:load", again);
    else if ((event.target as Element).matches("[data-lanes-table]")) void draw();
  };
  document.addEventListener("htmx:load", again);
}

class Lanes {
  private readonly limits: View;
  private readonly rows: Row[];
  private readonly stage: Stage;
  private readonly crowd = new CrowdCanvas();
  private readonly whole: Whole;
  private readonly clock = new Clock(language(), setting("time-zone"));
  private readonly leaving = new AbortController();
  private readonly box: HTMLElement;
  private view: View;
  private fine: Crowd | null;
  private asked = "";
  private laid = 0;
  private stale = true;
  private current: string | undefined;
  private frame = 0;
  private settling = 0;

  constructor(
    private readonly root: HTMLElement,
    private readonly part: <T extends Element>(selector: string) => T,
    private readonly told: Told,
    private readonly say: Say,
    before: Lanes | null,
  ) {
    this.limits = everything(told);
    this.view = before ? zoomed(before.view, 1, before.view.since, this.limits) : beginning(told);
    this.fine = told.evidence;
    this.rows = rowsOf(told, say("lane-none"));
    this.stage = new Stage(told, this.rows, this.clock, say, root.dataset["timeline"] ?? "");
    this.whole = new Whole(told, this.limits, say("whole"), (view) => this.look(zoomed(view, 1, view.since, this.limits)));
    // a box of its own, so that what listened to an earlier drawing goes with it
    this.box = document.createElement("div");
    this.box.className = "lanes__box";
    const evidence = document.createElement("div");
    evidence.className = "lanes__evidence";
    const name = document.createElement("span");
    name.textContent = say("evidence");
    evidence.append(this.crowd.canvas, name);
    this.box.append(this.stage.svg, evidence, this.whole.svg);
    part(".lanes__stage").replaceChildren(this.box);
    for (const hidden of root.querySelectorAll<HTMLElement>(".lanes__tools, .lanes__key, .hints")) hidden.hidden = false;
    this.listens();
    this.current = before?.current && this.stage.marks.has(before.current) ? before.current : [...this.stage.marks.keys()][0];
    this.stage.allow(this.current);
    this.layout();
    this.settle();
  }

  focus(id: string): void {
    const mark = this.stage.marks.get(id);
    if (!mark) return;
    // what is far from the view is not drawn, and only what is drawn can be focused
    this.view = showing(this.view, mark.moment.at, this.limits);
    this.layout();
    mark.link.focus({ preventScroll: true });
  }

  leave(): void {
    this.leaving.abort();
  }

  private listens(): void {
    const { signal } = this.leaving;
    const watch = new ResizeObserver(() => Math.floor(this.box.clientWidth) !== this.laid && this.layout());
    watch.observe(this.box);
    signal.addEventListener("abort", () => watch.disconnect());
    const theme = new MutationObserver(() => this.layout());
    theme.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    signal.addEventListener("abort", () => theme.disconnect());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.layout(), { signal });
    this.part<HTMLElement>(".lanes__tools").addEventListener("click", (event) => this.pressed(event), { signal });
    this.stage.svg.addEventListener("keydown", (event) => this.key(event));
    this.stage.svg.addEventListener("focusin", (event) => this.reached(event.target, true));
    this.stage.svg.addEventListener("pointerover", (event) => this.reached(event.target, false));
    listen(this.box, () => this.across(), {
      view: () => this.view,
      moved: (share, from) => this.look(panned(from, -share * span(from), this.limits)),
      closer: (factor, share) => this.look(zoomed(this.view, factor, this.view.since + share * span(this.view), this.limits)),
      ended: () => this.settle(),
    });
  }

  private across(): { left: number; width: number } {
    const box = this.stage.svg.getBoundingClientRect();
    return { left: box.left + this.stage.gutter, width: Math.max(box.width - this.stage.gutter, 1) };
  }

  private pressed(event: Event): void {
    const name = (event.target as Element).closest<HTMLElement>("[data-do]")?.dataset["do"];
    const deed = deeds.find((each) => each === name);
    if (deed) this.do(deed, (this.view.since + this.view.until) / 2);
  }

  private do(deed: Deed, about: number): void {
    if (deed === "all") this.look(this.limits);
    else if (deed === "in" || deed === "out") this.look(zoomed(this.view, deed === "in" ? 1 / step : step, about, this.limits));
    else this.look(panned(this.view, (deed === "later" ? 0.4 : -0.4) * span(this.view), this.limits));
  }

  private key(event: KeyboardEvent): void {
    const id = (event.target as Element).closest<SVGElement>("[data-moment]")?.dataset["moment"];
    const here = id ? this.stage.marks.get(id) : undefined;
    if (!here || event.ctrlKey || event.metaKey || event.altKey) return;
    const deed = keys[event.key];
    if (deed) this.do(deed, here.moment.at);
    else if (/^(Arrow(Left|Right|Up|Down)|Home|End)$/.test(event.key)) this.focus(towards(this.rows, here.moment.id, event.key)?.id ?? "");
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private reached(target: EventTarget | null, focused: boolean): void {
    const id = (target as Element).closest<SVGElement>("[data-moment]")?.dataset["moment"];
    const mark = id ? this.stage.marks.get(id) : undefined;
    if (!id || !mark) return;
    if (focused) {
      this.current = id;
      this.stage.allow(id);
      this.look(showing(this.view, mark.moment.at, this.limits));
      requestAnimationFrame(() => mark.link.scrollIntoView({ block: "nearest", inline: "nearest" }));
    }
    this.stage.point(id);
    this.tell(id);
  }

  private tell(id: string): void {
    const { moment } = this.stage.marks.get(id)!;
    const row = this.rows.find((each) => each.moments.includes(moment));
    const link = document.createElement("a");
    link.href = `${this.root.dataset["timeline"] ?? ""}#m-${id}`;
    link.textContent = this.say("open");
    const lines = [moment.what, this.stage.saidBeside(moment).join(" · ")].filter(Boolean).map(paragraph);
    const card = this.part<HTMLElement>(".lanes__card");
    const head = paragraph(`${this.stage.timeOf(id)} · ${row?.name ?? ""}`);
    head.className = "lanes__when";
    card.replaceChildren(head, ...lines, link);
    card.hidden = false;
  }

  private look(view: View): void {
    this.stale ||= Math.abs(span(view) - span(this.view)) >= 1 || !this.laid;
    this.view = view;
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => (this.stale ? this.layout() : this.moved()));
    this.settle();
  }

  private layout(): void {
    const width = Math.floor(this.box.clientWidth);
    if (!width) return;
    this.laid = width;
    this.stale = false;
    this.stage.layout(this.view, width);
    this.box.classList.toggle("lanes__box--narrow", this.stage.gutter === 0);
    this.crowd.canvas.style.marginInlineStart = `${this.stage.gutter}px`;
    this.crowd.canvas.style.inlineSize = `${width - this.stage.gutter}px`;
    this.crowd.sized(width - this.stage.gutter, crowdHeight);
    this.crowd.measure(this.fine, this.view);
    this.whole.layout(width);
    this.moved();
  }

  private moved(): void {
    this.stage.pan(this.view);
    this.crowd.draw(this.fine, this.view);
    this.whole.show(this.view);
  }

  /** Once nothing moves any more: places are exact again, the span is said, and finer evidence is fetched. */
  private settle(): void {
    clearTimeout(this.settling);
    this.settling = window.setTimeout(() => {
      this.layout();
      this.stage.allow(this.stage.reachable(this.current));
      const behind = this.told.evidence?.behind ? ` · ${this.say("behind")}` : "";
      this.part(".lanes__span").textContent = `${this.clock.told(this.view.since)} – ${this.clock.told(this.view.until)}${behind}`;
      void this.refine();
    }, settledAfter);
  }

  private async refine(): Promise<void> {
    const { evidence } = this.told;
    const length = span(this.view);
    if (!evidence || evidence.points || length * 1.5 > span(this.limits)) return this.refined(evidence);
    if (this.fine && this.fine !== evidence && this.fine.since <= this.view.since && this.fine.until >= this.view.until && span(this.fine) < 4 * length) return;
    const address = `${this.root.dataset["lanes"]!}?since=${Math.floor(this.view.since - length)}&until=${Math.ceil(this.view.until + length)}`;
    this.asked = address;
    try {
      const found = await fetched<{ evidence: Crowd | null }>(address, this.leaving.signal);
      if (this.asked === address) this.refined(found.evidence);
    } catch {
      // what is drawn already stands: it is coarser, not wrong
    }
  }

  private refined(crowd: Crowd | null): void {
    if (this.fine === crowd) return;
    this.fine = crowd;
    this.layout();
  }
}

function paragraph(text: string): HTMLParagraphElement {
  const made = document.createElement("p");
  made.textContent = text;
  return made;
}
