import type { Crowd } from "./told";
import { span, type View } from "./view";

const mostPoints = 2_000;

/** The evidence below the lanes on one canvas: bars by stretches, single points only where there are few. */
export class CrowdCanvas {
  readonly canvas = document.createElement("canvas");
  private readonly context = this.canvas.getContext("2d");
  private width = 0;
  private height = 0;
  private colour = "";
  private most = 1;

  constructor() {
    this.canvas.className = "lanes__crowd";
    this.canvas.setAttribute("aria-hidden", "true");
  }

  sized(width: number, height: number): void {
    const ratio = window.devicePixelRatio || 1;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.width = width;
    this.height = height;
    this.context?.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.colour = getComputedStyle(this.canvas).color;
  }

  /** The highest bar that is near the view: kept while one pans, so that nothing jumps. */
  measure(crowd: Crowd | null, view: View): void {
    const near = (crowd?.bins ?? []).filter(([at]) => at > view.since - span(view) && at < view.until + span(view));
    this.most = near.reduce((most, [, lines]) => Math.max(most, lines), 1);
  }

  draw(crowd: Crowd | null, view: View): void {
    const { context } = this;
    if (!context) return;
    context.clearRect(0, 0, this.width, this.height);
    if (!crowd) return;
    context.fillStyle = this.colour;
    const points = crowd.points ? between(crowd.points, view) : null;
    if (points && points.length < mostPoints) this.points(context, points, view);
    else this.bars(context, crowd, view);
  }

  private bars(context: CanvasRenderingContext2D, crowd: Crowd, view: View): void {
    const scale = this.width / span(view);
    const wide = Math.max(crowd.step * scale - 1, 1);
    for (const [at, lines] of crowd.bins) {
      const x = (at - view.since) * scale;
      if (x + wide < 0 || x > this.width) continue;
      const high = Math.max((lines / this.most) * (this.height - 4), 1.5);
      context.fillRect(x, this.height - high, wide, high);
    }
  }

  private points(context: CanvasRenderingContext2D, points: number[], view: View): void {
    const scale = this.width / span(view);
    for (const at of points) context.fillRect((at - view.since) * scale - 0.75, this.height * 0.35, 1.5, this.height * 0.5);
  }
}

/** The times within a view, of times in order. */
export function between(times: number[], view: View): number[] {
  const first = times.findIndex((at) => at >= view.since);
  if (first < 0) return [];
  const end = times.findIndex((at) => at > view.until);
  return times.slice(first, end < 0 ? times.length : end);
}
