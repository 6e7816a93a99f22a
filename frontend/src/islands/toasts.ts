import { announce, everywhere } from "../shared/page";

const shownFor = 9_000;

/** A toast leaves by itself, but never while it is being read or reached for. */
export function startToasts(): void {
  everywhere<HTMLElement>(".toast", (toast) => {
    // the newest word is the one that counts
    for (const older of toast.parentElement?.querySelectorAll(".toast") ?? []) if (older !== toast) older.remove();
    announce(toast.textContent?.trim() ?? "");
    let timer = setTimeout(() => toast.remove(), shownFor);
    const stay = (): void => clearTimeout(timer);
    const leave = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => toast.remove(), shownFor);
    };
    toast.addEventListener("pointerenter", stay);
    toast.addEventListener("focusin", stay);
    toast.addEventListener("pointerleave", leave);
    toast.addEventListener("focusout", leave);
  });
}
