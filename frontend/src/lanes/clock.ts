import { scaleUtc } from "d3-scale";
import type { View } from "./view";

const minute = 60_000;
const day = 86_400_000;

export interface Tick {
  at: number;
  label: string;
  newDay: boolean;
}

/** Times as the reader's clock shows them. */
export class Clock {
  private readonly parts: Intl.DateTimeFormat;
  private readonly full: Intl.DateTimeFormat;

  constructor(
    private readonly locale: string,
    zone: string,
  ) {
    const timeZone = zone || Intl.DateTimeFormat().resolvedOptions().timeZone;
    const numeric = { year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" } as const;
    this.parts = new Intl.DateTimeFormat("en-GB", { ...numeric, hourCycle: "h23", timeZone });
    this.full = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone });
  }

  /** As in "9 Mar, 14:05". */
  told(at: number): string {
    return this.full.format(at);
  }

  /** Even times to rule a view with, about one to every so many pixels. */
  ticks(view: View, count: number): Tick[] {
    const ahead = this.ahead((view.since + view.until) / 2);
    const scale = scaleUtc().domain([new Date(view.since + ahead), new Date(view.until + ahead)]);
    const times = scale.ticks(Math.max(count, 2));
    const step = times.length > 1 ? times[1]!.getTime() - times[0]!.getTime() : day;
    return times.map((time) => {
      const newDay = time.getTime() % day === 0;
      return { at: time.getTime() - ahead, label: this.label(time, newDay, step), newDay };
    });
  }

  private label(time: Date, newDay: boolean, step: number): string {
    const year = step >= 300 * day ? ({ year: "numeric" } as const) : {};
    if (newDay || step >= day) return new Intl.DateTimeFormat(this.locale, { day: "numeric", month: "short", ...year, timeZone: "UTC" }).format(time);
    const seconds = step < minute ? ({ second: "2-digit" } as const) : {};
    return new Intl.DateTimeFormat(this.locale, { hour: "2-digit", minute: "2-digit", ...seconds, hourCycle: "h23", timeZone: "UTC" }).format(time);
  }

  /** How far the reader's clock is ahead of UTC at a time. */
  ahead(at: number): number {
    const said = Object.fromEntries(this.parts.formatToParts(at).map((part) => [part.type, Number(part.value)]));
    const shown = Date.UTC(said["year"]!, said["month"]! - 1, said["day"], said["hour"], said["minute"], said["second"]);
    return shown - Math.floor(at / 1_000) * 1_000;
  }

  /** A length of time in two figures at most: "35 min", "2 hr 5 min", "3 days". */
  length(ms: number): string {
    // begun minutes do not count, as in the table
    const minutes = Math.floor(ms / minute);
    if (ms < minute) return this.unit(Math.round(ms / 1_000), "second");
    if (minutes < 60) return this.unit(minutes, "minute");
    if (minutes < 1_440) return [this.unit(Math.floor(minutes / 60), "hour"), minutes % 60 ? this.unit(minutes % 60, "minute") : ""].join(" ").trim();
    return this.unit(Math.floor(minutes / 1_440), "day");
  }

  private unit(count: number, unit: string): string {
    return new Intl.NumberFormat(this.locale, { style: "unit", unit, unitDisplay: "short" }).format(count);
  }
}
