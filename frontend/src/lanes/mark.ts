import { put, shape } from "./shapes";
import type { Say } from "./stage";
import type { Moment } from "./told";

export interface Mark {
  moment: Moment;
  link: SVGAElement;
  x: number;
  y: number;
  place(x: number, y: number, until: number | null, room: number, leftwards?: boolean): void;
}

const perLetter = 6.6;
const fewestLetters = 8;
const half = 12;

/** A moment as something to look at, to point at and to land on by keyboard; Enter leads to it on the timeline. */
export function drawMark(moment: Moment, address: string, name: string, say: Say): Mark {
  const classes = ["mark", moment.pivot ? "mark--pivot" : "", moment.when === "exact" ? "" : "mark--open"];
  const stretch = shape("rect", { class: "mark__stretch", height: 8, y: -4, rx: 4, x: 0, width: 0 });
  const label = shape("text", { class: "mark__label", x: moment.differs ? half + 6 : half, y: 0, "dominant-baseline": "central" });
  const point = moment.pivot ? shape("rect", { class: "mark__point", x: -6, y: -6, width: 12, height: 12, rx: 2, transform: "rotate(45)" }) : shape("circle", { class: "mark__point", r: 6 });
  const link = shape(
    "a",
    { class: classes.filter(Boolean).join(" "), href: address, "aria-label": name, tabindex: -1, "data-moment": moment.id },
    shape("rect", { class: "mark__reach", x: -half, y: -half, width: 2 * half, height: 2 * half }),
    stretch,
    shape("circle", { class: "mark__ring", r: 10.5 }),
    point,
    ...(moment.differs ? [differing(say)] : []),
    label,
  );
  const first = moment.what.split("\n", 1)[0] ?? "";
  const mark: Mark = {
    moment,
    link,
    x: 0,
    y: 0,
    place(x, y, until, room, leftwards = false) {
      Object.assign(mark, { x, y });
      put(link, { transform: `translate(${x.toFixed(2)} ${y})` });
      put(stretch, { width: until === null ? 0 : Math.max(until - x, 0) });
      const letters = Math.floor((moment.differs ? room - 6 : room) / perLetter);
      const told = letters < fewestLetters ? "" : wholeWords(first, letters);
      if (label.textContent !== told) label.textContent = told;
      put(label, leftwards ? { x: -half, "text-anchor": "end" } : { x: moment.differs ? half + 6 : half, "text-anchor": "start" });
    },
  };
  return mark;
}

/** As many whole words as fit: half a word is neither read well nor part of the link's own name. */
export function wholeWords(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = text.lastIndexOf(" ", most - 1);
  return end > 0 ? `${text.slice(0, end)}…` : "";
}

function differing(say: Say): SVGGElement {
  return shape("g", { class: "mark__differs" }, shape("title", {}, say("differs")), shape("circle", { cx: 8, cy: -7, r: 6 }), shape("text", { x: 8, y: -7, "text-anchor": "middle", "dominant-baseline": "central" }, "≠"));
}
