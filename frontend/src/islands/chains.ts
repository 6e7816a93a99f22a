import { announce, jsonHeaders, words } from "../shared/page";
import { Autosave, type Theirs, keepInMemory } from "./autosave";
import { choice, saveOnLeaving, stateText } from "./saving";

const letters = "23456789abcdefghjkmnpqrstuvwxyz";

/**
 * The form of a chain as an outline: Enter adds a line, Tab and Shift-Tab hang it lower or higher, Alt and an arrow move
 * it. The tree on the page is what is saved; every step is one that the form's own buttons take without script.
 */
export class ChainEditor {
  private readonly tree: HTMLUListElement;
  private readonly question: HTMLTextAreaElement;
  private readonly blank: HTMLTemplateElement | null;
  private readonly saver: Autosave;
  private readonly undone: { line: HTMLElement; into: Element; before: Element | null }[] = [];
  private leaving = false;

  constructor(private readonly form: HTMLFormElement) {
    this.tree = form.querySelector<HTMLUListElement>("[data-tree]")!;
    this.question = form.querySelector<HTMLTextAreaElement>("[name=question]")!;
    this.blank = document.querySelector<HTMLTemplateElement>("#blank-branch");
    this.saver = this.makeSaver();
    form.addEventListener("keydown", (event) => this.key(event));
    form.addEventListener("click", (event) => this.clicked(event));
    form.addEventListener("input", () => this.changed());
    form.addEventListener("focusout", () => (this.leaving = false));
    form.addEventListener("submit", (event) => this.sent(event));
    saveOnLeaving(this.saver);
  }

  /** What is saved: the lines from top to bottom, each with how deep it hangs. */
  body(): string {
    const links = this.lines().map((line) => ({
      id: line.dataset["link"] ?? "",
      words: wordsOf(line).value,
      depth: depthOf(line, this.tree),
      kind: line.querySelector<HTMLSelectElement>("select[name=kind]")!.value,
    }));
    return JSON.stringify({ question: this.question.value, links });
  }

  async saved(): Promise<void> {
    await this.saver.flush();
  }

  private lines(): HTMLElement[] {
    return [...this.tree.querySelectorAll<HTMLElement>(".branch")];
  }

  private makeSaver(): Autosave {
    const url = this.form.getAttribute("action") ?? "";
    return new Autosave({
      url,
      body: this.body(),
      version: Number(this.form.dataset["version"]),
      keep: keepInMemory(),
      headers: jsonHeaders,
      show: (state, detail) => this.say(stateText(state, detail)),
      conflict: (mine, theirs) => this.disagree(mine, theirs),
      saved: (version) => {
        this.form.querySelector<HTMLInputElement>("[name=version]")!.value = String(version);
      },
    });
  }

  private say(text: string): void {
    const state = this.form.querySelector("[data-chain-state]");
    if (state && state.textContent !== text) state.textContent = text;
  }

  private changed(): void {
    for (const line of this.lines()) {
      const asks = line.querySelector<HTMLElement>(":scope > .branch__ask");
      const person = line.querySelector<HTMLSelectElement>("select[name=kind]")!.value === "person";
      if (asks) asks.hidden = !person || below(line).children.length > 0;
      line.querySelector<HTMLInputElement>("[name=depth]")!.value = String(depthOf(line, this.tree));
    }
    this.saver.changed(this.body());
  }

  private key(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    if (target === this.question && event.key === "Enter") return this.taken(event, () => this.add(null));
    const line = target.closest<HTMLElement>(".branch");
    if (!line || target !== wordsOf(line) || event.ctrlKey || event.metaKey || event.isComposing) return;
    const step = this.stepOf(event, line);
    if (event.key === "Escape") this.leaving = true;
    if (step) this.taken(event, step);
  }

  private stepOf(event: KeyboardEvent, line: HTMLElement): (() => void) | null {
    if (event.altKey && event.key === "ArrowUp") return () => this.step(line, "up");
    if (event.altKey && event.key === "ArrowDown") return () => this.step(line, "down");
    if (event.altKey) return null;
    if (event.key === "Enter") return () => this.add(line);
    if (event.key === "Backspace" && !wordsOf(line).value && !event.repeat) return () => this.step(line, "remove");
    if (event.key !== "Tab" || this.leaving) return null;
    // Where a line cannot go deeper or higher, Tab is what it is everywhere: nobody gets caught here.
    const step = event.shiftKey ? "out" : "in";
    return this.can(line, step) ? () => this.step(line, step) : null;
  }

  private taken(event: Event, step: () => void): void {
    event.preventDefault();
    step();
  }

  private clicked(event: Event): void {
    const button = (event.target as Element).closest<HTMLButtonElement>("[data-step]");
    if (!button) return;
    event.preventDefault();
    const line = button.closest<HTMLElement>(".branch");
    const step = button.dataset["step"] ?? "";
    button.closest("details")?.removeAttribute("open");
    if (step === "add") this.add(this.lines().filter((each) => each.parentElement === this.tree).at(-1) ?? null);
    else if (step === "undo") this.undo();
    else if (line && step === "under") this.place(below(line), null);
    else if (line) this.step(line, step);
  }

  private sent(event: SubmitEvent): void {
    const button = event.submitter as HTMLButtonElement | null;
    if (button?.value === "away") return;
    event.preventDefault();
    void this.saver.flush();
  }

  private can(line: HTMLElement, step: string): boolean {
    return step === "in" ? line.previousElementSibling !== null : line.parentElement !== this.tree;
  }

  private step(line: HTMLElement, step: string): void {
    if (step === "remove") return this.remove(line);
    const above = line.previousElementSibling;
    if (step === "in" && above) below(above).append(line);
    if (step === "out" && line.parentElement !== this.tree) line.parentElement!.closest(".branch")!.after(line);
    if (step === "up") above?.before(line);
    if (step === "down") line.nextElementSibling?.after(line);
    wordsOf(line).focus();
    announce(words("hangson", "Level {level}", { level: depthOf(line, this.tree) + 1 }));
    this.changed();
  }

  /** A line after this one and beside it; without one, the first of all. */
  private add(after: HTMLElement | null): void {
    if (after) this.place(after.parentElement!, after.nextElementSibling);
    else this.place(this.tree, this.tree.firstElementChild);
  }

  private place(into: Element, before: Element | null): void {
    const line = this.blank?.content.querySelector(".branch")?.cloneNode(true);
    if (!(line instanceof HTMLElement)) return;
    const id = newId();
    line.dataset["link"] = id;
    line.querySelector<HTMLInputElement>("[name=link]")!.value = id;
    for (const [field, label] of [["w-", "label[for^=w-]"], ["k-", "label[for^=k-]"]] as const) {
      line.querySelector(`#${field}`)!.id = field + id;
      line.querySelector<HTMLLabelElement>(label)!.htmlFor = field + id;
    }
    for (const button of line.querySelectorAll<HTMLButtonElement>("button[name=do]")) button.value += id;
    into.insertBefore(line, before);
    wordsOf(line).focus();
    this.changed();
  }

  private remove(line: HTMLElement): void {
    const next = line.previousElementSibling ?? line.parentElement!.closest(".branch") ?? line.nextElementSibling;
    this.undone.push({ line, into: line.parentElement!, before: line.nextElementSibling });
    line.remove();
    this.offerUndo();
    (next ? wordsOf(next) : this.question).focus();
    announce(words("lineremoved", "Removed, with all that hung on it. Undo brings it back."));
    this.changed();
  }

  private undo(): void {
    const last = this.undone.pop();
    if (!last) return;
    const into = last.into.isConnected ? last.into : this.tree;
    into.insertBefore(last.line, last.before?.parentElement === into ? last.before : null);
    this.offerUndo();
    wordsOf(last.line).focus();
    this.changed();
  }

  private offerUndo(): void {
    const button = this.form.querySelector<HTMLButtonElement>("[data-step=undo]");
    if (button) button.hidden = this.undone.length === 0;
  }

  /** Both stand; whichever is chosen, the other is in the history or still on this page. */
  private disagree(mine: string, theirs: Theirs): void {
    this.form.querySelector(".conflict")?.remove();
    const panel = document.createElement("section");
    panel.className = "conflict";
    const said = document.createElement("p");
    said.textContent = words("chainmeanwhile", "Somebody else changed this while you were writing. What you see here is yours, and not saved.");
    const row = document.createElement("p");
    row.className = "row";
    row.append(
      choice(words("keepmine", "Keep mine"), "", () => {
        panel.remove();
        void this.saver.settle(mine, theirs.version);
      }),
      choice(words("taketheirs", "Take theirs"), "", () => {
        this.saver.take(theirs);
        location.reload();
      }),
    );
    panel.append(said, row);
    this.form.append(panel);
    announce(said.textContent);
  }
}

export function mountChain(form: HTMLFormElement): ChainEditor {
  return new ChainEditor(form);
}

function wordsOf(line: Element): HTMLTextAreaElement {
  return line.querySelector<HTMLTextAreaElement>(":scope > .branch__row [name=words]")!;
}

function below(line: Element): HTMLUListElement {
  return line.querySelector<HTMLUListElement>(":scope > .tree")!;
}

function depthOf(line: Element, tree: Element): number {
  let depth = 0;
  for (let list = line.parentElement; list && list !== tree; list = list.parentElement) if (list.matches(".branch")) depth += 1;
  return depth;
}

function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => letters[byte % letters.length]).join("");
}
