import type { Told } from "./told";

/** A stretch of time that is looked at. */
export interface View {
  since: number;
  until: number;
}

const closest = 10_000;
const around = 0.04;
const fewestAround = 60_000;

export const span = (view: View): number => view.until - view.since;

/** All that there is, with a little air on both sides. */
export function everything(told: Told): View {
  const { evidence } = told;
  return aired([...occasions(told), ...(evidence ? [evidence.since, evidence.until] : [])]);
}

/** Where one begins to look: the moments and key times; evidence often reaches weeks further. */
export function beginning(told: Told): View {
  const found = occasions(told);
  return found.length ? aired(found) : everything(told);
}

function occasions(told: Told): number[] {
  return [...told.moments.flatMap((each) => [each.at, each.until ?? each.at]), ...told.gaps.flatMap((each) => [each.since, each.at]), ...told.times.map((each) => each.at)];
}

function aired(times: number[]): View {
  if (!times.length) return { since: Date.now() - 3_600_000, until: Date.now() };
  const first = times.reduce((least, each) => Math.min(least, each));
  const last = times.reduce((most, each) => Math.max(most, each));
  const air = Math.max((last - first) * around, fewestAround);
  return { since: first - air, until: last + air };
}

/** Closer (a factor below 1) or further, keeping what lies at `about` where it is. */
export function zoomed(view: View, factor: number, about: number, limits: View): View {
  const wanted = Math.min(Math.max(span(view) * factor, closest), span(limits));
  const share = (about - view.since) / span(view);
  const since = about - wanted * share;
  return within({ since, until: since + wanted }, limits);
}

export function panned(view: View, by: number, limits: View): View {
  return within({ since: view.since + by, until: view.until + by }, limits);
}

/** As little panning as brings a time into view, with air around it. */
export function showing(view: View, at: number, limits: View): View {
  const air = span(view) * 0.1;
  if (at < view.since + air / 2) return panned(view, at - air - view.since, limits);
  if (at > view.until - air / 2) return panned(view, at + air - view.until, limits);
  return view;
}

function within(view: View, limits: View): View {
  const length = Math.min(span(view), span(limits));
  const since = Math.min(Math.max(view.since, limits.since), limits.until - length);
  return { since, until: since + length };
}
