import type { Gap, Moment, Told } from "./told";

/** One lane as it is drawn: its moments in time, each on a level so that neighbours do not hide each other. */
export interface Row {
  id: string;
  name: string;
  kind: string;
  moments: Moment[];
  gaps: Gap[];
}

export const mostLevels = 3;

/** The lanes that hold something, in their order; moments in no lane come last. */
export function rowsOf(told: Told, nameOfNone: string): Row[] {
  const rows: Row[] = [...told.lanes, { id: "", name: nameOfNone, kind: "none" }].map((lane) => ({ ...lane, moments: [], gaps: [] }));
  const byId = new Map(rows.map((row) => [row.id, row]));
  const none = byId.get("")!;
  for (const moment of told.moments) (byId.get(moment.lane) ?? none).moments.push(moment);
  for (const gap of told.gaps) byId.get(gap.lane)?.gaps.push(gap);
  for (const row of rows) row.moments.sort((a, b) => a.at - b.at);
  return rows.filter((row) => row.moments.length || row.gaps.length);
}

/** For places from left to right: the lowest level on which the one before is far enough away. */
export function levelsOf(places: number[], apart: number, most = mostLevels): number[] {
  const ends = Array.from({ length: most }, () => -Infinity);
  return places.map((place) => {
    const free = ends.findIndex((end) => place - end >= apart);
    const level = free >= 0 ? free : ends.indexOf(Math.min(...ends));
    ends[level] = place;
    return level;
  });
}

/** For gaps: the level on which each does not hide another of its lane, whatever the zoom. */
export function levelsOfGaps(gaps: Gap[]): Map<Gap, number> {
  const ends = Array.from({ length: mostLevels }, () => -Infinity);
  const levels = new Map<Gap, number>();
  for (const gap of [...gaps].sort((a, b) => a.since - b.since)) {
    const free = ends.findIndex((end) => gap.since > end);
    const level = free >= 0 ? free : ends.indexOf(Math.min(...ends));
    ends[level] = Math.max(ends[level]!, gap.at);
    levels.set(gap, level);
  }
  return levels;
}

/** Where a key leads from a moment: left and right in its lane, up and down to what is nearest in time there. */
export function towards(rows: Row[], id: string, key: string): Moment | undefined {
  const filled = rows.filter((row) => row.moments.length);
  const here = filled.findIndex((row) => row.moments.some((moment) => moment.id === id));
  const row = filled[here];
  if (!row) return filled[0]?.moments[0];
  const nth = row.moments.findIndex((moment) => moment.id === id);
  if (key === "ArrowLeft") return row.moments[nth - 1];
  if (key === "ArrowRight") return row.moments[nth + 1];
  if (key === "Home") return row.moments[0];
  if (key === "End") return row.moments[row.moments.length - 1];
  const there = filled[here + (key === "ArrowUp" ? -1 : 1)];
  return there && nearest(there.moments, row.moments[nth]!.at);
}

function nearest(moments: Moment[], at: number): Moment | undefined {
  return moments.reduce<Moment | undefined>((best, each) => (!best || Math.abs(each.at - at) < Math.abs(best.at - at) ? each : best), undefined);
}
