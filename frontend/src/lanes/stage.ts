import type { Clock } from "./clock";
import { drawGap, type DrawnGap } from "./gap";
import { drawMark, type Mark } from "./mark";
import { levelsOf, levelsOfGaps, mostLevels, type Row } from "./rows";
import { put, shape } from "./shapes";
import type { Gap, Moment, Told } from "./told";
import { span, type View } from "./view";

export type Say = (key: string, values?: Record<string, string>) => string;

const wideEnough = 640;
const gutterWidth = 148;
const ruler = 24;
const stagger = 15;
const level = 19;
const padding = 9;
const gapStrip = 17;
const labelLine = 19;
const apart = 17;
const tickEvery = 96;
const longestLabel = 260;
const least = 54;
const reach = 0.9;
const perLetter = 7;

interface Placed {
  row: Row;
  top: number;
  height: number;
  levels: number;
  gaps: Map<Gap, number>;
}

/** The SVG: lanes, key times, gaps and moments. Panning moves one group; only zooming places everything anew. */
export class Stage {
  readonly svg = shape("svg", { class: "lanes__svg", role: "group" });
  readonly marks = new Map<string, Mark>();
  gutter = 0;
  height = 0;
  private readonly lanes = shape("g");
  private readonly names = shape("g", { class: "names" });
  private readonly plot = shape("svg", { overflow: "hidden" });
  private readonly moving = shape("g", { class: "lanes__moving" });
  private readonly ticks = shape("g", { class: "ticks", "aria-hidden": "true" });
  private readonly times = shape("g", { class: "times", "aria-hidden": "true" });
  private readonly gaps: DrawnGap[] = [];
  private placed: Placed[] = [];
  private laid: View = { since: 0, until: 1 };
  private width = 1;

  constructor(
    private readonly told: Told,
    private readonly rows: Row[],
    private readonly clock: Clock,
    private readonly say: Say,
    timeline: string,
  ) {
    this.svg.setAttribute("aria-label", say("stage"));
    const gaps = shape("g", { class: "gaps", "aria-hidden": "true" });
    const marks = shape("g");
    for (const row of rows) {
      this.gaps.push(...row.gaps.map((gap) => drawGap(gap, this.saidOf(row.name, gap.at, gap.since))));
      for (const moment of row.moments) this.marks.set(moment.id, drawMark(moment, `${timeline}#m-${moment.id}`, this.nameOf(row, moment.id), say));
    }
    gaps.append(...this.gaps.map((gap) => gap.group));
    marks.append(...[...this.marks.values()].map((mark) => mark.link));
    this.moving.append(this.ticks, this.times, gaps, marks);
    this.plot.append(this.moving);
    this.svg.append(this.lanes, this.plot, this.names);
    this.allow([...this.marks.keys()][0]);
  }

  /** The one mark that Tab reaches; arrows lead to the others. */
  allow(id: string | undefined): void {
    for (const [other, mark] of this.marks) mark.link.setAttribute("tabindex", other === id ? "0" : "-1");
  }

  /** This moment if it is drawn, else the first that is: what Tab can reach. */
  reachable(id: string | undefined): string | undefined {
    const drawn = (other: string): boolean => !this.marks.get(other)!.link.hasAttribute("display");
    return id && this.marks.has(id) && drawn(id) ? id : [...this.marks.keys()].find(drawn);
  }

  /** Shows which gaps belong to the moment that is told of. */
  point(id: string): void {
    for (const gap of this.gaps) gap.group.classList.toggle("is-told", gap.gap.moment === id);
  }

  nameOf(row: Row, id: string): string {
    const moment = row.moments.find((each) => each.id === id)!;
    return [`${this.timeOf(id)}, ${row.name}: ${moment.what}`, ...this.saidBeside(moment)].join(". ");
  }

  timeOf(id: string): string {
    const moment = this.told.moments.find((each) => each.id === id)!;
    if (moment.when === "between" && moment.until) return this.say("between", { from: this.clock.told(moment.at), to: this.clock.told(moment.until) });
    return moment.when === "about" ? `${this.say("about")} ${this.clock.told(moment.at)}` : this.clock.told(moment.at);
  }

  /** That it is a pivot, that accounts differ, and who learned of it when. */
  saidBeside(moment: Moment): string[] {
    const marks = [moment.pivot ? this.say("pivot") : "", moment.differs ? this.say("differs") : ""].filter(Boolean);
    const learned = this.told.gaps.filter((gap) => gap.moment === moment.id);
    return [...marks, ...learned.map((gap) => this.saidOf(this.laneName(gap.lane), gap.at, gap.since))];
  }

  private laneName(id: string): string {
    return this.told.lanes.find((lane) => lane.id === id)?.name ?? "";
  }

  private saidOf(lane: string, at: number, since: number): string {
    return this.say("learned", { lane, time: this.clock.told(at), length: this.clock.length(at - since) });
  }

  /** Places everything for a view. */
  layout(view: View, width: number): void {
    this.gutter = width >= wideEnough ? gutterWidth : 0;
    this.width = Math.max(width - this.gutter, 1);
    this.layLanes(width);
    put(this.plot, { x: this.gutter, y: 0, width: this.width, height: this.height });
    put(this.svg, { width, height: this.height });
    this.place(view);
  }

  /** Moves what is placed; of the same length as the view that was laid out. */
  pan(view: View): void {
    const by = -this.x(view.since);
    if (Math.abs(by) > reach * this.width) return this.place(view);
    this.moving.style.transform = `translateX(${by}px)`;
  }

  private place(view: View): void {
    this.laid = view;
    this.layTimes();
    this.layGaps();
    this.layMarks();
    this.layTicks();
    this.pan(view);
  }

  private x(at: number): number {
    return ((at - this.laid.since) / span(this.laid)) * this.width;
  }

  /** Whether something from here to there is near enough to be drawn: what moves stays small, however close one looks. */
  private near(from: number, to = from): boolean {
    return to > -this.width && from < 2 * this.width;
  }

  private layLanes(width: number): void {
    const label = this.gutter ? 0 : labelLine;
    let top = ruler + (this.told.times.length ? 2 * stagger : 0);
    this.placed = this.rows.map((row) => {
      const levels = Math.min(Math.ceil(row.moments.length / 2), mostLevels);
      const gaps = levelsOfGaps(row.gaps);
      const strips = Math.max(...gaps.values(), -1) + 1;
      const height = 2 * padding + label + Math.max(levels, 1) * level + strips * gapStrip;
      const placed = { row, top, height, levels: Math.max(levels, 1), gaps };
      top += height;
      return placed;
    });
    this.height = top;
    this.lanes.replaceChildren(...this.placed.map(({ top, height }, nth) => shape("rect", { class: nth % 2 ? "lane lane--odd" : "lane", x: 0, y: top, width, height })));
    this.names.replaceChildren(...this.placed.map((each) => this.laneLabel(each)));
  }

  /** Over the drawing, not under it: on a narrow page key times would cross it out. */
  private laneLabel({ row, top, height }: Placed): SVGElement {
    const y = this.gutter ? top + height / 2 : top + labelLine - 4;
    const most = this.gutter ? 20 : 48;
    const label = shape("text", { class: `lane__label lane__label--${row.kind}`, x: this.gutter ? 12 : 8, y, "dominant-baseline": this.gutter ? "central" : "auto" }, cut(row.name, most));
    label.append(shape("title", {}, row.name));
    return label;
  }

  private layTicks(): void {
    const length = span(this.laid);
    const ruled = { since: this.laid.since - length, until: this.laid.until + length };
    const ticks = this.clock.ticks(ruled, (3 * this.width) / tickEvery);
    this.ticks.replaceChildren(
      ...ticks.flatMap((tick) => {
        const x = this.x(tick.at);
        const line = shape("line", { class: tick.newDay ? "tick tick--day" : "tick", x1: x, x2: x, y1: ruler - 5, y2: this.height });
        return [line, shape("text", { class: "tick__label", x: x + 4, y: ruler - 9 }, tick.label)];
      }),
    );
  }

  private layTimes(): void {
    const ends = [-Infinity, -Infinity];
    this.times.replaceChildren(
      ...this.told.times.flatMap((time) => {
        const x = this.x(time.at);
        if (!this.near(x - longestLabel, x)) return [];
        // where neither of two lines of words has room the name is left to the table below
        const long = time.name.length * perLetter + 10;
        // at the right edge the name stands before its line: cut off it could not be read
        const before = x <= this.width && x + long > this.width;
        const nth = ends.findIndex((end) => (before ? x - long : x) > end);
        const y = ruler + Math.max(nth, 0) * stagger;
        if (nth >= 0) ends[nth] = before ? x : x + long;
        const line = shape("line", { class: "time", x1: x, x2: x, y1: y, y2: this.height }, shape("title", {}, time.name));
        return nth < 0 ? [line] : [line, shape("text", { class: "time__label", x: before ? x - 5 : x + 5, y: y + 11, "text-anchor": before ? "end" : "start" }, time.name)];
      }),
    );
  }

  private layGaps(): void {
    const rows = new Map(this.placed.map((each) => [each.row.id, each]));
    for (const gap of this.gaps) {
      const [since, at] = [this.x(gap.gap.since), this.x(gap.gap.at)];
      const near = this.near(since, at);
      show(gap.group, near);
      // a gap longer than what is near is drawn to just outside of it
      const row = rows.get(gap.gap.lane)!;
      const y = row.top + row.height - padding + 3 - (row.gaps.get(gap.gap)! + 0.5) * gapStrip;
      if (near) gap.place(Math.max(since, -2 * this.width), Math.min(at, 3 * this.width), y, this.clock.length(gap.gap.at - gap.gap.since));
    }
  }

  private layMarks(): void {
    for (const { row, top, levels } of this.placed) {
      const places = row.moments.map((moment) => this.x(moment.at));
      const on = levelsOf(places, apart, levels);
      const first = top + padding + (this.gutter ? 0 : labelLine) + level / 2;
      const next = Array.from({ length: levels }, () => Infinity);
      for (let nth = places.length - 1; nth >= 0; nth -= 1) {
        const [place, here, moment] = [places[nth]!, on[nth]!, row.moments[nth]!];
        const edge = this.toTheEdge(place);
        const after = Math.min(next[here]! - place - 2 * apart, edge, longestLabel);
        const before = edge < least ? this.roomBefore(places, on, nth) : 0;
        const leftwards = before > after;
        next[here] = leftwards ? place - before : place;
        const until = moment.until ? Math.min(this.x(moment.until), 3 * this.width) : null;
        const mark = this.marks.get(moment.id)!;
        const near = this.near(place - longestLabel, until ?? place + longestLabel);
        show(mark.link, near);
        if (near) mark.place(Math.max(place, -2 * this.width), first + here * level, until, leftwards ? before : after, leftwards);
      }
    }
  }

  /** The label of a moment in view ends in view. */
  private toTheEdge(place: number): number {
    return place >= 0 && place <= this.width ? this.width - place - apart : Infinity;
  }

  /** For a label before its moment: half of what lies between it and the moment before it on its level. */
  private roomBefore(places: number[], on: number[], nth: number): number {
    const earlier = on.lastIndexOf(on[nth]!, nth - 1);
    const from = nth > 0 && earlier >= 0 ? Math.max(places[earlier]!, 0) : 0;
    return Math.min((places[nth]! - from) / 2 - apart, longestLabel);
  }
}

function show(element: SVGElement, shown: boolean): void {
  if (shown) element.removeAttribute("display");
  else element.setAttribute("display", "none");
}

export function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, Math.max(most - 1, 1)).trimEnd()}…`;
}
