import { announce, beside, words } from "../shared/page";
import { Card } from "./card";
import { type Change, type Finding, Reader, type Place, carried } from "./reading";

/** What an editor or a plain field lets be done with it. */
export interface Field {
  name: string;
  words(): string;
  cursor(): number;
  /** Puts words in, one step back by undo, and takes the keyboard to what is selected then. */
  change(change: Change, select: [number, number]): void;
  focus(at: number): void;
  /** `moved`: nothing new was read, the words around them have changed. */
  underline(findings: Finding[], moved: boolean): void;
  /** Where the card stands: after the words it asks about. */
  hold(card: HTMLElement): void;
}

const pause = 400;
const later = 4_000;

/** One field and what is asked about its words: read after each pause in typing, shown as underlines and, if wanted, a card. */
export class Asking {
  readonly button: HTMLButtonElement;
  private readonly reader: Reader;
  private findings: Finding[] = [];
  private read = "";
  private timer: ReturnType<typeof setTimeout> | undefined;
  private under = false;
  private told = false;
  private card: Card | null = null;
  private begun = false;

  constructor(place: Place, private readonly field: Field) {
    this.reader = new Reader(place);
    this.button = document.createElement("button");
    this.button.type = "button";
    this.button.className = "button button--quiet button--s asks-open";
    this.button.hidden = true;
    this.button.setAttribute("aria-keyshortcuts", "Alt+Q");
    this.button.append(words("ask", "Question"), beside(field.name));
    this.button.addEventListener("click", () => this.open(this.nearest(), true));
  }

  /** Whoever comes to write is asked; whoever only reads is not, and the server is left alone. */
  begin(): void {
    if (this.begun) return;
    this.begun = true;
    this.soon(0);
  }

  changed(): void {
    this.begun = true;
    this.keepUp();
    this.soon(pause);
  }

  /** A click or a tap into the words: on underlined ones the card comes, on others it goes. The keyboard stays where it is. */
  touched(at: number): void {
    const here = this.at(at);
    if (here) this.open(here, false);
    else this.close(false);
  }

  /** By keyboard: the card of the words at or nearest to the cursor; answers whether there is one. */
  key(event: KeyboardEvent): boolean {
    if (event.altKey && !event.ctrlKey && !event.metaKey && event.code === "KeyQ") {
      const wanted = this.nearest();
      if (wanted) this.open(wanted, true);
      return wanted !== undefined;
    }
    if (event.key !== "Escape" || !this.card) return false;
    this.close(false);
    return true;
  }

  private soon(wait: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.look(), wait);
  }

  private async look(): Promise<void> {
    if (this.under) return this.soon(pause);
    this.under = true;
    const text = this.field.words();
    const found = await this.reader.read(text).catch(() => null);
    this.under = false;
    if (!found) return this.soon(later);
    this.read = this.field.words();
    const now = carried(found, text, this.read);
    if (this.card) this.holdOn(sameAs(this.card.finding, now));
    this.show(now);
  }

  /** Underlines stay with their words while those around them change. */
  private keepUp(): void {
    const now = this.field.words();
    if (now === this.read) return;
    const kept = carried(this.findings, this.read, now);
    const held = this.card && carried([this.card.finding], this.read, now)[0];
    this.read = now;
    this.holdOn(held);
    this.show(kept, true);
  }

  private show(findings: Finding[], moved = false): void {
    this.findings = findings;
    const open = findings.filter(({ stands }) => stands === null);
    this.field.underline(open, moved);
    this.button.hidden = findings.length === 0;
    this.button.firstChild!.textContent = open.length || !findings.length ? words("ask", "Question") : words("letstand", "Let stand");
    this.tell(open);
  }

  /** An open card stays with its words; when nothing is asked about them any more it goes. */
  private holdOn(finding: Finding | null | undefined): void {
    if (this.card && finding) this.card.finding = finding;
    else if (this.card) this.close(this.card.hasFocus());
  }

  /** Said once in a field: nobody is interrupted at every sentence. */
  private tell(open: Finding[]): void {
    if (this.told || !open[0]) return;
    this.told = true;
    announce(words("askhere", "There is a question about “{words}”. Alt Q opens it.", { words: this.quoted(open[0]) }));
  }

  private quoted({ from, to }: Finding): string {
    return this.field.words().slice(from, to).replace(/\s+/g, " ");
  }

  private at(place: number): Finding | undefined {
    return this.findings.find(({ from, to, stands }) => stands === null && from <= place && place <= to);
  }

  /** What is asked nearest to the cursor: whoever has just typed it stands behind it. */
  private nearest(): Finding | undefined {
    const at = this.field.cursor();
    const far = ({ from, to }: Finding): number => Math.max(0, from - at, at - to);
    const open = this.findings.filter(({ stands }) => stands === null);
    return [...(open.length ? open : this.findings)].sort((one, other) => far(one) - far(other))[0];
  }

  /** What is asked first, then what was let stand. */
  private order(): Finding[] {
    return [...this.findings.filter(({ stands }) => stands === null), ...this.findings.filter(({ stands }) => stands !== null)];
  }

  private open(finding: Finding | undefined, take: boolean): void {
    if (!finding) return;
    this.card?.element.remove();
    const card = new Card(finding, this.quoted(finding), this.order().length > 1, {
      edit: (at) => {
        const edit = card.finding.edits[at];
        if (edit) this.change(edit, [edit.from, edit.from + edit.insert.length]);
      },
      begin: (skeleton) => this.insert(card.finding, skeleton),
      stand: (reason) => this.stand(card.finding, reason),
      step: (by) => this.step(card.finding, by),
      close: () => this.close(true),
    });
    this.card = card;
    this.field.hold(card.element);
    if (take) card.focus();
    card.element.scrollIntoView({ block: "nearest" });
  }

  private step(from: Finding, by: number): void {
    const all = this.order();
    this.open(all.at((all.findIndex(({ key, from: at }) => key === from.key && at === from.from) + by) % all.length), true);
  }

  private close(take: boolean): void {
    const was = this.card;
    this.card = null;
    was?.element.remove();
    if (was && take) this.field.focus(was.finding.from);
  }

  private change(change: Change, select: [number, number]): void {
    this.close(false);
    this.field.change(change, select);
  }

  /** A beginning goes after the sentence, or in the place of a question, with its first blank selected. */
  private insert({ begins, after, instead }: Finding, skeleton: string): void {
    const from = instead ? begins : after;
    const insert = instead ? skeleton : ` ${skeleton}`;
    const blank = /\{\w+\}/.exec(insert);
    const first = from + (blank?.index ?? insert.length);
    this.change({ title: "", from, to: after, insert }, [first, first + (blank?.[0].length ?? 0)]);
  }

  private async stand(finding: Finding, reason: string | null): Promise<void> {
    const card = this.card;
    const wrong = await this.reader.stand(finding.key, reason);
    if (wrong) return card?.sayWrong(wrong === "failed" ? words("notstood", "That was not kept. Try it again in a moment.") : wrong);
    for (const each of this.findings) if (each.key === finding.key) each.stands = reason;
    const open = this.card === card;
    this.show(this.findings);
    if (open) this.close(true);
    announce(reason === null ? words("askedagain", "It is asked about again.") : words("stood", "Let stand. The question does not come back while the sentence stays."));
  }
}

/** The finding that a newer reading has in the place of an older one: its sentence may have got its full stop meanwhile. */
function sameAs(old: Finding, findings: Finding[]): Finding | undefined {
  const here = findings.filter(({ from, rule }) => from === old.from && rule === old.rule);
  return here.find(({ key }) => key === old.key) ?? here[0];
}
