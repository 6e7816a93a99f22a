import { put, shape } from "./shapes";
import type { Told } from "./told";
import { span, type View } from "./view";

const height = 40;
const fewestPixels = 6;

/** All of the time in one strip. Dragging across it chooses a stretch; dragging the stretch moves it. */
export class Whole {
  readonly svg = shape("svg", { class: "lanes__whole", height, "aria-hidden": "true" });
  private readonly bars = shape("path", { class: "whole__bars" });
  private readonly moments = shape("path", { class: "whole__moments" });
  private readonly chosen = shape("rect", { class: "whole__chosen", y: 1, height: height - 2, rx: 4 });
  private width = 1;

  constructor(
    private readonly told: Told,
    private readonly limits: View,
    title: string,
    private readonly chose: (view: View) => void,
  ) {
    this.svg.append(shape("title", {}, title), shape("rect", { class: "whole__ground", width: "100%", height, rx: 4 }), this.bars, this.moments, this.chosen);
    this.svg.addEventListener("pointerdown", (event) => this.drag(event));
  }

  layout(width: number): void {
    this.width = Math.max(width, 1);
    put(this.svg, { width });
    const { evidence, moments } = this.told;
    const most = (evidence?.bins ?? []).reduce((high, [, lines]) => Math.max(high, lines), 1);
    const bars = (evidence?.bins ?? []).map(([at, lines]) => `M${this.x(at).toFixed(1)} ${height - 3}v${(-(lines / most) * (height - 14)).toFixed(1)}`);
    put(this.bars, { d: bars.join("") });
    put(this.moments, { d: moments.map((moment) => `M${this.x(moment.at).toFixed(1)} 3v6`).join("") });
  }

  show(view: View): void {
    put(this.chosen, { x: this.x(view.since), width: Math.max(this.x(view.until) - this.x(view.since), fewestPixels) });
  }

  private x(at: number): number {
    return ((at - this.limits.since) / span(this.limits)) * this.width;
  }

  private at(event: PointerEvent): number {
    const share = (event.clientX - this.svg.getBoundingClientRect().left) / this.width;
    return this.limits.since + Math.min(Math.max(share, 0), 1) * span(this.limits);
  }

  private drag(down: PointerEvent): void {
    const from = this.at(down);
    const inside = down.target === this.chosen;
    const before = { since: Number(this.chosen.getAttribute("x")) / this.width, until: 0 };
    const length = Number(this.chosen.getAttribute("width")) / this.width;
    before.since = this.limits.since + before.since * span(this.limits);
    before.until = before.since + length * span(this.limits);
    this.svg.setPointerCapture(down.pointerId);
    const move = (event: PointerEvent): void => {
      const to = this.at(event);
      if (inside) this.chose({ since: before.since + to - from, until: before.until + to - from });
      else if (Math.abs(this.x(to) - this.x(from)) > fewestPixels) this.chose({ since: Math.min(from, to), until: Math.max(from, to) });
    };
    const up = (): void => {
      this.svg.removeEventListener("pointermove", move);
      this.svg.removeEventListener("pointerup", up);
      this.svg.removeEventListener("pointercancel", up);
    };
    this.svg.addEventListener("pointermove", move);
    this.svg.addEventListener("pointerup", up);
    this.svg.addEventListener("pointercancel", up);
  }
}
