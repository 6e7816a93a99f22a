import { setting, words } from "../shared/page";
import { ask } from "./dialogs";

const run = 8;

/**
 * Words of an account that was shared with this reader alone, pasted where everybody reads, stop with a question.
 * What was pasted is compared by the server and kept nowhere.
 */
export function startConfided(): void {
  const address = /^\/reviews\/[^/]+\//.exec(location.pathname)?.[0];
  if (!address) return;
  document.addEventListener("paste", (event) => void asked(event, `${address}stories/confided`), true);
}

async function asked(event: ClipboardEvent, address: string): Promise<void> {
  const pasted = event.clipboardData?.getData("text/plain") ?? "";
  const area = fieldOf(event.target);
  if (!area || pasted.split(/\s+/).filter(Boolean).length < run || area.hasAttribute("data-private")) return;
  const before = area.value;
  const body = new URLSearchParams({ words: pasted });
  const answer = await fetch(address, { method: "POST", body, headers: { "X-CSRFToken": setting("csrf-token") } }).catch(() => null);
  if (answer?.status !== 200) return;
  const question = words("confided", "These words stand in an account that was shared with you, and not with everybody who reads here. Only its author can share them further.");
  if (await ask(question, words("takeout", "Take them out again"))) putBack(area, before);
}

function fieldOf(target: EventTarget | null): HTMLTextAreaElement | HTMLInputElement | null {
  if (!(target instanceof Element)) return null;
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement) return target;
  const area = target.closest(".editor")?.nextElementSibling;
  return area instanceof HTMLTextAreaElement ? area : null;
}

function putBack(area: HTMLTextAreaElement | HTMLInputElement, before: string): void {
  // an editor holds the words itself and hears of it; a plain field is simply set
  if (area.dispatchEvent(new CustomEvent("putback", { detail: before, cancelable: true }))) area.value = before;
}
