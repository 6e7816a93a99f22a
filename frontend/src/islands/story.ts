/**
 * Beside a story: a time of the evidence or the timeline is typed where its author was writing.
 * `<aside data-types-times>` holds buttons with `data-types="14:05"`.
 */
export function startTimesBeside(): void {
  const beside = document.querySelector<HTMLElement>("[data-types-times]");
  if (!beside) return;
  let writing: HTMLTextAreaElement | null = null;
  document.addEventListener("focusin", (event) => {
    writing = areaOf(event.target) ?? writing;
  });
  beside.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-types]");
    const area = writing ?? document.querySelector<HTMLTextAreaElement>("textarea[data-text-url]");
    if (button && area) area.dispatchEvent(new CustomEvent("typewords", { detail: button.dataset["types"] }));
  });
  beside.addEventListener("keydown", (event) => move(beside, event));
  document.addEventListener("keydown", (event) => {
    if (event.altKey && event.key.toLowerCase() === "t" && areaOf(event.target)) {
      event.preventDefault();
      come(beside);
    }
  });
}

function areaOf(target: EventTarget | null): HTMLTextAreaElement | null {
  const next = target instanceof Element ? target.closest(".editor")?.nextElementSibling : null;
  return next instanceof HTMLTextAreaElement ? next : null;
}

function move(beside: HTMLElement, event: KeyboardEvent): void {
  const here = document.activeElement;
  const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
  if (!step || !(here instanceof HTMLElement) || !here.hasAttribute("data-types")) return;
  const all = [...beside.querySelectorAll<HTMLElement>("[data-types]")];
  event.preventDefault();
  all[all.indexOf(here) + step]?.focus();
}

function come(beside: HTMLElement): void {
  const fold = beside.querySelector("details");
  if (fold) fold.open = true;
  const there = beside.querySelector<HTMLElement>("[data-types]") ?? beside.querySelector<HTMLElement>("summary");
  there?.focus();
}

/** Whoever comes back is taken to where they stopped, unless they asked for another place. */
export function startResume(): void {
  const link = document.querySelector<HTMLAnchorElement>("a[data-resume]");
  if (!link || location.hash) return;
  document.querySelector(link.hash)?.scrollIntoView({ block: "start" });
}
