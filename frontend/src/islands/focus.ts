import { everywhere } from "../shared/page";

/** What went wrong with a form is read first: `data-focus` takes the focus when it comes. */
export function startFocus(): void {
  everywhere<HTMLElement>("[data-focus]", (element) => element.focus());
}
