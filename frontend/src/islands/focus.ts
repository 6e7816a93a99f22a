import { everywhere } from "../shared/page";

/** What went wrong with a form is read first; a form that was asked for takes the focus to its first words. */
export function startFocus(): void {
  let arriving = true;
  everywhere<HTMLElement>("[data-focus]", (element) => element.focus());
  everywhere<HTMLElement>("[data-open]", (form) => {
    if (!arriving) form.querySelector<HTMLElement>("textarea")?.focus();
  });
  arriving = false;
  keepThePlace();
}

/**
 * When an answer takes away what had the keyboard, it goes on at the nearest thing around that is still there. Answers
 * overlap: the next may come when the one before has taken the place away and not given it back yet.
 */
function keepThePlace(): void {
  let around: string[] = [];
  const remember = (): void => {
    const ids = idsAround(document.activeElement);
    if (ids.length) around = ids;
  };
  document.addEventListener("pointerdown", () => (around = []));
  document.addEventListener("htmx:beforeSwap", remember);
  document.addEventListener("htmx:afterSettle", () => {
    if (document.activeElement === document.body) goOnAt(around);
    remember();
  });
}

function goOnAt(around: string[]): void {
  const place = around.map((id) => document.getElementById(id)).find((found) => found !== null);
  if (!place || place.closest("[data-triage]")) return;
  if (!place.hasAttribute("tabindex")) place.tabIndex = -1;
  place.focus({ preventScroll: true });
}

function idsAround(element: Element | null): string[] {
  const ids: string[] = [];
  for (let each = element; each && each !== document.body; each = each.parentElement) if (each.id) ids.push(each.id);
  return ids;
}
