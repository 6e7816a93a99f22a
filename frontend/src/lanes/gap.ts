import { put, shape } from "./shapes";
import type { Gap } from "./told";

export interface DrawnGap {
  gap: Gap;
  group: SVGGElement;
  place(since: number, at: number, y: number, length: string): void;
}

const roomForWords = 52;

/** From when something could be seen to when a lane learned of it. */
export function drawGap(gap: Gap, said: string): DrawnGap {
  const line = shape("line", { class: "gap__line" });
  const end = shape("path", { class: "gap__end" });
  const start = shape("circle", { class: "gap__start", r: 3 });
  const words = shape("text", { class: "gap__words", "text-anchor": "middle" });
  const group = shape("g", { class: "gap" }, shape("title", {}, said), line, start, end, words);
  return {
    gap,
    group,
    place(since, at, y, length) {
      put(line, { x1: since + 3, x2: Math.max(at, since + 3), y1: y, y2: y });
      put(start, { cx: since, cy: y });
      put(end, { d: `M${at} ${y - 5}v10M${at - 5} ${y - 4}l5 4l-5 4` });
      put(words, { x: (since + at) / 2, y: y - 4 });
      words.textContent = at - since > roomForWords ? length : "";
    },
  };
}
