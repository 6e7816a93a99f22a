import { announce, typing, words } from "../shared/page";

/**
 * Moves through `[data-line]` items by keyboard and presses the buttons that are already on the page:
 * whatever a key does, a form does too.
 */
export class Triage {
  private current = "";
  private anchor = "";
  private chosen = new Set<string>();

  constructor(private readonly list: HTMLElement) {
    list.addEventListener("focusin", (event) => this.note(event.target as Element));
    list.addEventListener("click", (event) => this.note(event.target as Element));
    for (const brought of ["htmx:afterSettle", "htmx:oobAfterSwap", "htmx:load"]) document.addEventListener(brought, () => this.draw());
    document.addEventListener("click", (event) => {
      if ((event.target as Element).closest("[data-merge]")) this.merge();
    });
    this.draw();
  }

  lines(): HTMLElement[] {
    return [...this.list.querySelectorAll<HTMLElement>("[data-line]")].filter((line) => !line.hidden);
  }

  here(): HTMLElement | null {
    return this.lines().find((line) => id(line) === this.current) ?? null;
  }

  key(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || !this.list.isConnected) return false;
    const letter = event.key.toLowerCase();
    const deed = this.deeds[letter];
    if (!deed || (event.shiftKey && !"jk".includes(letter))) return false;
    deed(event.shiftKey);
    return true;
  }

  private readonly deeds: Record<string, (shift: boolean) => void> = {
    j: (shift) => this.move(1, shift),
    k: (shift) => this.move(-1, shift),
    a: () => this.press("a", words("accepted", "Accepted")),
    x: () => this.press("x", words("leftout", "Left out")),
    e: () => this.here()?.querySelector<HTMLElement>('[data-key="e"]')?.click(),
    u: () => this.undo(),
    m: () => this.merge(),
    escape: () => this.choose([]),
    "/": () => document.querySelector<HTMLElement>("[data-triage-filter]")?.focus(),
  };

  private move(step: number, extend: boolean): void {
    const lines = this.lines();
    const at = lines.findIndex((line) => id(line) === this.current);
    const next = lines[at < 0 ? this.start(lines) : Math.min(Math.max(at + step, 0), lines.length - 1)];
    if (!next) return;
    if (extend) this.extend(lines, id(next));
    else if (this.chosen.size) this.choose([]);
    this.go(next);
  }

  private start(lines: HTMLElement[]): number {
    return Math.max(0, lines.findIndex((line) => line.classList.contains("line--proposed")));
  }

  private go(line: HTMLElement): void {
    this.current = id(line);
    this.draw();
    line.focus({ preventScroll: true });
    line.scrollIntoView({ block: "nearest" });
  }

  private extend(lines: HTMLElement[], to: string): void {
    this.anchor ||= this.current || to;
    const [from, until] = [this.anchor, to].map((wanted) => lines.findIndex((line) => id(line) === wanted)).sort((one, two) => one - two) as [number, number];
    const range = lines.slice(from, until + 1).map(id);
    this.choose(range, this.anchor);
    announce(words("chosen", "{count} lines chosen", { count: range.length }));
  }

  private choose(ids: string[], anchor = ""): void {
    this.chosen = new Set(ids);
    this.anchor = anchor;
    this.draw();
  }

  /** The line after this one is current before the form is sent: the answer may take this one away. */
  private press(key: string, said: string): void {
    const marked = this.chosen.size ? this.lines().filter((line) => this.chosen.has(id(line))) : [this.here()];
    const forms = marked.map((line) => line?.querySelector<HTMLFormElement>(`form[data-key="${key}"]`)).filter((form) => form != null);
    if (!forms.length) return;
    const after = this.after(marked.at(-1));
    this.choose([]);
    for (const form of forms) form.requestSubmit();
    announce(said);
    if (after) this.go(after);
  }

  private after(line: HTMLElement | null | undefined): HTMLElement | null {
    const lines = this.lines();
    return line ? (lines[lines.indexOf(line) + 1] ?? null) : null;
  }

  private undo(): void {
    document.querySelector<HTMLFormElement>('form[data-key="u"]')?.requestSubmit();
  }

  private merge(): void {
    const form = document.querySelector<HTMLFormElement>('form[data-key="m"]');
    const ids = this.lines().map(id).filter((line) => this.chosen.has(line));
    if (!form || ids.length < 2) return announce(words("choosefirst", "Choose several lines first, with Shift and j or k."));
    for (const old of form.querySelectorAll('input[name="line"]')) old.remove();
    for (const line of ids) form.append(hidden("line", line));
    form.requestSubmit();
    this.choose([]);
  }

  private note(target: Element): void {
    const line = target.closest<HTMLElement>("[data-line]");
    if (!line || id(line) === this.current) return;
    this.current = id(line);
    this.draw();
  }

  /** One line is in the order of Tab; the answer of a form brings new elements, so all is drawn from what is remembered. */
  private draw(): void {
    const lines = this.lines();
    if (this.current && !lines.some((line) => id(line) === this.current)) this.current = "";
    const tabbable = this.current || id(lines[this.start(lines)] ?? null);
    for (const line of lines) {
      const here = id(line) === this.current;
      line.tabIndex = id(line) === tabbable ? 0 : -1;
      line.classList.toggle("is-current", here);
      line.classList.toggle("is-chosen", this.chosen.has(id(line)));
      if (here) line.setAttribute("aria-current", "true");
      else line.removeAttribute("aria-current");
    }
    document.querySelectorAll<HTMLElement>("[data-chosen-count]").forEach((place) => (place.textContent = String(this.chosen.size || "")));
    document.querySelectorAll<HTMLElement>("[data-when-chosen]").forEach((part) => (part.hidden = this.chosen.size < 2));
  }
}

function id(line: HTMLElement | null): string {
  return line?.dataset["line"] ?? "";
}

function hidden(name: string, value: string): HTMLInputElement {
  const input = document.createElement("input");
  input.type = "hidden";
  input.name = name;
  input.value = value;
  return input;
}

export function mountTriage(list: HTMLElement): Triage {
  const triage = new Triage(list);
  document.addEventListener("keydown", (event) => {
    if (triage.key(event)) event.preventDefault();
  });
  return triage;
}
