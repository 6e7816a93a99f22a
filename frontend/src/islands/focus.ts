import { everywhere } from "../shared/page";

/** What went wrong with a form is read first; a form that was asked for takes the focus to its first words. */
export function startFocus(): void {
  let arriving = true;
  everywhere<HTMLElement>("[data-focus]", (element) => element.focus());
  everywhere<HTMLElement>("[data-open]", (form) => {
    if (!arriving) form.querySelector<HTMLElement>("textarea")?.focus();
  });
  arriving = false;
}
