import { announce, typing, words } from "../shared/page";

/**
 * Moves through `[data-line]` items by keyboard and presses the buttons that are already on the page:
 * whatever a key does, a form does too. Several lines are chosen with Shift, or by their `[data-choose]` boxes;
 * what is sent for all of them goes through the forms `[data-chosen]`.
 */
export class Triage {
  private current = "";
  private anchor = "";
  private chosen = new Set<string>();
  private shift = false;

  constructor(private readonly list: HTMLElement) {
    list.addEventListener("focusin", (event) => this.note(event.target as Element));
    list.addEventListener("click", (event) => this.clicked(event));
    list.addEventListener("mousedown", (event) => this.keepWords(event));
    list.addEventListener("change", (event) => this.ticked(event.target as Element));
    document.addEventListener("submit", (event) => this.fill(event), true);
    document.addEventListener("click", (event) => (event.target as Element).closest("[data-choose-none]") && this.choose([]));
    document.addEventListener("triage:go", (event) => this.goBack(String((event as CustomEvent<{ value?: unknown }>).detail.value)));
    for (const brought of ["htmx:afterSettle", "htmx:oobAfterSwap", "htmx:load"]) document.addEventListener(brought, () => this.settle());
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

  /** Undo brings the keyboard back to the line it was about. */
  private goBack(number: string): void {
    const line = this.lines().find((one) => id(one) === number);
    if (line) this.go(line);
  }

  private extend(lines: HTMLElement[], to: string): void {
    this.anchor ||= this.current || to;
    const [from, until] = [this.anchor, to].map((wanted) => lines.findIndex((line) => id(line) === wanted)).sort((one, two) => one - two) as [number, number];
    const range = lines.slice(Math.max(from, 0), until + 1).map(id);
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
    if (this.chosen.size > 1 && this.forAll(key)) return announce(said);
    const marked = this.chosen.size ? this.lines().filter((line) => this.chosen.has(id(line))) : [this.here()];
    const buttons = marked.map((line) => line?.querySelector<HTMLElement>(`[data-key="${key}"]`)).filter((button) => button != null);
    if (!buttons.length) return;
    const after = this.after(marked.at(-1));
    this.choose([]);
    for (const button of buttons) button.click();
    announce(said);
    if (after) this.go(after);
  }

  private forAll(key: string): boolean {
    const form = document.querySelector<HTMLFormElement>(`form[data-chosen="${key}"]`);
    form?.requestSubmit();
    return form !== null;
  }

  /** What still waits to be looked at comes next; at the end of it, whatever is there. */
  private after(line: HTMLElement | null | undefined): HTMLElement | null {
    const lines = this.lines();
    if (!line) return null;
    const rest = lines.slice(lines.indexOf(line) + 1);
    return rest.find((one) => one.querySelector('[data-key="a"]')) ?? rest[0] ?? null;
  }

  private undo(): void {
    document.querySelector<HTMLFormElement>('form[data-key="u"]')?.requestSubmit();
  }

  private merge(): void {
    const form = document.querySelector<HTMLFormElement>('form[data-key="m"]');
    if (!form || this.chosen.size < 2) return announce(words("choosefirst", "Choose several lines first, with Shift and j or k."));
    form.requestSubmit();
  }

  /** A form for all chosen lines takes their ids along, in the order of the page, whoever sent it. */
  private fill(event: SubmitEvent): void {
    const form = event.target as HTMLFormElement;
    if (!this.list.isConnected || !form.matches('[data-chosen], [data-key="m"]') ) return;
    for (const old of form.querySelectorAll('input[name="line"]')) old.remove();
    const lines = this.lines().filter((line) => this.chosen.has(id(line)));
    for (const line of lines) form.append(hidden("line", id(line)));
    const after = this.after(lines.at(-1));
    setTimeout(() => {
      this.choose([]);
      if (after) this.go(after);
    });
  }

  private clicked(event: MouseEvent): void {
    const target = event.target as Element;
    this.shift = event.shiftKey;
    const line = target.closest<HTMLElement>("[data-line]");
    if (line && event.shiftKey && !target.closest("a, button, input, textarea, select, label")) this.extend(this.lines(), id(line));
    this.note(target);
  }

  /** Shift and a click choose lines here; they do not mark the words between. */
  private keepWords(event: MouseEvent): void {
    if (event.shiftKey && !(event.target as Element).closest("a, button, input, textarea, select")) event.preventDefault();
  }

  private ticked(box: Element): void {
    const line = box.closest<HTMLElement>("[data-line]");
    if (!line || !box.matches("[data-choose]")) return;
    if (this.shift && this.anchor) return this.extend(this.lines(), id(line));
    const ids = new Set(this.chosen);
    if (!ids.delete(id(line))) ids.add(id(line));
    this.choose([...ids], id(line));
  }

  private note(target: Element): void {
    const line = target.closest<HTMLElement>("[data-line]");
    if (!line || id(line) === this.current) return;
    this.current = id(line);
    this.draw();
  }

  /** An answer may have brought the focused line anew: then the keyboard stays where it was. */
  private settle(): void {
    this.draw();
    const line = this.here();
    if (line && document.activeElement === document.body) line.focus({ preventScroll: true });
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
      const box = line.querySelector<HTMLInputElement>("[data-choose]");
      if (box) box.checked = this.chosen.has(id(line));
      if (here) line.setAttribute("aria-current", "true");
      else line.removeAttribute("aria-current");
    }
    document.querySelectorAll<HTMLElement>("[data-chosen-count]").forEach((place) => (place.textContent = String(this.chosen.size || "")));
    document.querySelectorAll<HTMLElement>("[data-when-chosen]").forEach((part) => (part.hidden = !this.chosen.size));
    if (this.chosen.size) offerMoments();
    document.querySelectorAll<HTMLElement>("[data-when-none-chosen]").forEach((part) => (part.hidden = this.chosen.size > 0));
  }
}

/** The moments so far, as they now stand beside the lines, are what the chosen lines may be added to. */
function offerMoments(): void {
  const select = document.querySelector<HTMLSelectElement>("[data-moments-so-far]");
  const moments = [...document.querySelectorAll<HTMLElement>("#accepted [data-moment]")];
  if (!select || moments.map(momentId).join() === [...select.options].map((option) => option.value).join()) return;
  const before = select.value;
  select.replaceChildren(...moments.map((moment) => new Option(briefly(moment), momentId(moment))));
  if (moments.some((moment) => momentId(moment) === before)) select.value = before;
  select.form!.hidden = !moments.length;
}

function momentId(moment: HTMLElement): string {
  return moment.dataset["moment"] ?? "";
}

function briefly(moment: HTMLElement): string {
  const words = moment.querySelector("a")?.textContent ?? "";
  const time = moment.querySelector(".num")?.textContent ?? "";
  return `${time} ${words.length > 40 ? `${words.slice(0, 39)}…` : words}`;
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
