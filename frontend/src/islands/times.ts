import { everywhere, language, setting } from "../shared/page";

/**
 * `<time datetime="2026-03-04T14:05:00Z" data-zone="Europe/Vienna" data-show="time">`: the server has already written
 * it in the reader's chosen zone; this follows the browser's zone when the reader chose none, and keeps the original at hand.
 */
export function localTime(iso: string, show: string, locale: string, zone: string | undefined): string {
  const moment = new Date(iso);
  if (Number.isNaN(moment.getTime())) return "";
  const day: Intl.DateTimeFormatOptions = { day: "numeric", month: "short", year: "numeric" };
  const clock: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  if (show === "seconds") clock.second = "2-digit";
  const wanted = show === "date" ? day : show === "time" || show === "seconds" ? clock : { ...day, ...clock };
  return new Intl.DateTimeFormat(locale, { ...wanted, ...(zone ? { timeZone: zone } : {}) }).format(moment);
}

export function startTimes(): void {
  const readerHasZone = setting("time-zone") !== "";
  everywhere<HTMLTimeElement>("time[data-show]", (element) => {
    if (readerHasZone) return;
    const text = localTime(element.dateTime, element.dataset["show"] ?? "", language(), undefined);
    if (text) element.textContent = text;
  });
}
