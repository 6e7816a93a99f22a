import { announce, words } from "../shared/page";

/** `<button data-copy-rich="#document">`: the document as HTML and plain text, as Confluence, Notion and Docs take it. */
export function startRichCopy(): void {
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLButtonElement>("[data-copy-rich], [data-copy-text]");
    if (button) void copy(button);
  });
}

async function copy(button: HTMLButtonElement): Promise<void> {
  const source = document.querySelector<HTMLElement>(button.dataset["copyRich"] ?? button.dataset["copyText"] ?? "");
  if (!source) return;
  const done = await write(source, "copyRich" in button.dataset).then(() => true, () => false);
  const before = button.innerHTML;
  const said = done ? words("copied", "Copied") : words("notcopied", "The browser did not allow copying. Select the text and copy it.");
  announce(said);
  button.textContent = said;
  setTimeout(() => (button.innerHTML = before), 2_400);
}

async function write(source: HTMLElement, rich: boolean): Promise<void> {
  const plain = source instanceof HTMLInputElement || source instanceof HTMLTextAreaElement ? source.value : source.innerText;
  if (!rich) return navigator.clipboard.writeText(plain);
  const item = new ClipboardItem({
    "text/html": new Blob([cleanHtml(source)], { type: "text/html" }),
    "text/plain": new Blob([plain], { type: "text/plain" }),
  });
  return navigator.clipboard.write([item]);
}

/** Classes, ids and our own attributes mean nothing elsewhere; addresses have to be whole. */
export function cleanHtml(source: HTMLElement): string {
  const copy = source.cloneNode(true) as HTMLElement;
  for (const away of copy.querySelectorAll(".no-print, button, form, script, svg")) away.remove();
  for (const element of copy.querySelectorAll<HTMLElement>("*")) {
    for (const { name } of [...element.attributes]) {
      if (!["href", "src", "alt", "colspan", "rowspan", "datetime", "start"].includes(name)) element.removeAttribute(name);
    }
    if (element instanceof HTMLAnchorElement && element.hasAttribute("href")) element.setAttribute("href", element.href);
    if (element instanceof HTMLImageElement) element.setAttribute("src", element.src);
  }
  return copy.innerHTML.trim();
}
