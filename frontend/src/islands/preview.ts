import { beside, setting, words } from "../shared/page";

/** A button that shows the text as it will be read, in the editor's place. */
export function previewButton(url: string, box: HTMLElement, editing: HTMLElement, of: string, body: () => string): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button--quiet button--s";
  button.append(words("preview", "Preview"), beside(of));
  button.addEventListener("click", () => void toggle(button, url, box, editing, body()));
  return button;
}

async function toggle(button: HTMLButtonElement, url: string, box: HTMLElement, editing: HTMLElement, body: string): Promise<void> {
  const shown = box.querySelector<HTMLElement>(".editor__preview");
  if (shown) {
    shown.remove();
    editing.hidden = false;
    button.firstChild!.textContent = words("preview", "Preview");
    return;
  }
  const answer = await fetch(url, { method: "POST", body: new URLSearchParams({ body }), headers: { "X-CSRFToken": setting("csrf-token") } }).catch(() => null);
  const page = document.createElement("div");
  page.className = "editor__preview document markdown";
  if (answer?.ok) page.innerHTML = await answer.text();
  else page.textContent = words("nopreview", "There is no preview at the moment; your words are as they were.");
  editing.hidden = true;
  editing.after(page);
  button.firstChild!.textContent = words("write", "Write");
}
