import { typing, words } from "../shared/page";

/** Ctrl-K: type, choose with the arrows, go. The server finds; this only moves the choice. */
export class Palette {
  private readonly input: HTMLInputElement;
  private readonly list: HTMLElement;
  private waiting: ReturnType<typeof setTimeout> | undefined;
  private asked = 0;
  private chosen = -1;

  constructor(private readonly dialog: HTMLDialogElement) {
    this.input = dialog.querySelector<HTMLInputElement>("input")!;
    this.list = dialog.querySelector<HTMLElement>("[role=listbox]")!;
    this.input.addEventListener("input", () => this.ask(120));
    this.dialog.addEventListener("keydown", (event) => this.key(event));
    this.dialog.addEventListener("click", (event) => {
      if (event.target === dialog) dialog.close();
    });
  }

  open(): void {
    if (!this.dialog.open) this.dialog.showModal();
    this.input.value = "";
    this.input.focus();
    this.ask(0);
  }

  options(): HTMLElement[] {
    return [...this.list.querySelectorAll<HTMLElement>("[role=option]")];
  }

  private ask(delay: number): void {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => void this.fetch(), delay);
  }

  private async fetch(): Promise<void> {
    const mine = ++this.asked;
    const address = `${this.dialog.dataset["url"] ?? "/go"}?q=${encodeURIComponent(this.input.value)}&at=${encodeURIComponent(location.pathname)}`;
    const answer = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => null);
    // an older answer that comes late must not replace a newer one
    if (mine !== this.asked) return;
    if (answer?.ok) this.list.innerHTML = await answer.text();
    else this.say(words("offline", "The server cannot be reached. Nothing you typed is lost; try again in a moment."));
    this.prepare();
  }

  private say(text: string): void {
    const item = document.createElement("li");
    item.className = "palette__empty";
    item.textContent = text;
    this.list.replaceChildren(item);
  }

  private prepare(): void {
    for (const [index, link] of [...this.list.querySelectorAll<HTMLElement>("a")].entries()) {
      link.id = `palette-${index}`;
      link.setAttribute("role", "option");
      link.tabIndex = -1;
      link.parentElement?.setAttribute("role", "presentation");
    }
    this.choose(this.options().length ? 0 : -1);
  }

  private choose(index: number): void {
    const options = this.options();
    this.chosen = index;
    for (const [at, option] of options.entries()) option.setAttribute("aria-selected", String(at === index));
    this.input.setAttribute("aria-activedescendant", options[index]?.id ?? "");
    options[index]?.scrollIntoView({ block: "nearest" });
  }

  private key(event: KeyboardEvent): void {
    const count = this.options().length;
    if (event.key === "ArrowDown" && count) this.choose((this.chosen + 1) % count);
    else if (event.key === "ArrowUp" && count) this.choose((this.chosen - 1 + count) % count);
    else if (event.key === "Enter") this.options()[this.chosen]?.click();
    else return;
    event.preventDefault();
  }
}

export function startPalette(): void {
  const dialog = document.querySelector<HTMLDialogElement>("dialog#palette");
  if (!dialog) return;
  const palette = new Palette(dialog);
  document.addEventListener("keydown", (event) => {
    const combination = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    if (!combination) return;
    event.preventDefault();
    palette.open();
  });
  document.addEventListener("click", (event) => {
    const opener = (event.target as Element).closest("[data-palette]");
    if (!opener) return;
    event.preventDefault();
    palette.open();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "?" || typing(event.target)) return;
    const sheet = document.querySelector<HTMLDialogElement>("dialog[data-keys-page]") ?? document.querySelector<HTMLDialogElement>("dialog#keys");
    if (sheet && !sheet.open) sheet.showModal();
  });
}
