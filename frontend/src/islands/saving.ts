import { words } from "../shared/page";
import type { Autosave, State } from "./autosave";

/** How saving stands, in words. */
export function stateText(state: State, detail: string): string {
  if (state === "saved") return words("saved", "Saved");
  if (state === "saving") return words("saving", "Saving…");
  if (state === "typing") return words("typing", "Not saved yet");
  if (state === "waiting") return words("kept", "Not saved: the server cannot be reached. Your words are kept here and sent as soon as it can.");
  if (state === "conflict") return words("conflict", "Not saved: somebody else saved this text meanwhile. Both are below.");
  const known: Record<string, string> = {
    signedout: words("signedout", "Your session has ended. Sign in again in another tab, then repeat this."),
    gone: words("gonetext", "this text is no longer here for you. Copy your words before you leave."),
    toolong: words("toolong", "it is longer than one text may be. Shorten it and it will be saved."),
    failed: words("refused", "the server refused it. Copy your words before you leave."),
  };
  return words("notsaved", "Not saved: {why}", { why: known[detail] ?? detail });
}

/** What is typed is saved when the page goes, or asked about, and again when the line is back. */
export function saveOnLeaving(saver: Autosave): void {
  addEventListener("pagehide", () => saver.leaving());
  addEventListener("online", () => void saver.flush());
  addEventListener("beforeunload", (event) => {
    if (saver.dirty) event.preventDefault();
  });
}

/** A button of the panel where two versions meet. */
export function choice(text: string, kind: string, chosen: () => void): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = `button button--s ${kind}`.trim();
  button.textContent = text;
  button.addEventListener("click", chosen);
  return button;
}
