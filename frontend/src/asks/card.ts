import { words } from "../shared/page";
import type { Finding } from "./reading";

export interface Answers {
  edit(number: number): void;
  begin(skeleton: string): void;
  /** With a reason it stands; with null it is asked about again. */
  stand(reason: string | null): Promise<void>;
  step(by: number): void;
  close(): void;
}

let number = 0;

/** A question about some words, and what may be done with it. It holds no form: it may stand in one. */
export class Card {
  readonly element = document.createElement("section");
  private readonly wrong = line("p", "asks-card__wrong", "");

  /** `finding` moves with its words while they and those around them change. */
  constructor(public finding: Finding, quoted: string, more: boolean, private readonly answers: Answers) {
    const id = `ask-${(number += 1)}`;
    this.element.className = "asks-card";
    this.element.tabIndex = -1;
    this.element.lang = "en";
    const title = line("p", "asks-card__words", `“${quoted}”`);
    title.id = `${id}-words`;
    const asked = document.createElement("div");
    asked.id = `${id}-asked`;
    asked.className = "asks-card__asked";
    asked.append(line("p", "asks-card__why", finding.message), ...finding.questions.map((each) => line("p", "asks-card__question", each)));
    this.element.setAttribute("role", "group");
    this.element.setAttribute("aria-labelledby", title.id);
    this.element.setAttribute("aria-describedby", asked.id);
    this.wrong.setAttribute("role", "alert");
    this.element.append(title, asked, ...this.ways(), this.wrong, this.foot(more));
    this.element.addEventListener("keydown", (event) => this.key(event));
    // what happens in the card is nothing the form around it should hear of
    for (const kind of ["input", "change", "submit"]) this.element.addEventListener(kind, (event) => event.stopPropagation());
  }

  focus(): void {
    this.element.focus({ preventScroll: true });
  }

  hasFocus(): boolean {
    return this.element.contains(document.activeElement);
  }

  sayWrong(text: string): void {
    this.wrong.textContent = text;
  }

  private key(event: KeyboardEvent): void {
    event.stopPropagation();
    if (event.key !== "Escape") return;
    event.preventDefault();
    this.answers.close();
  }

  private ways(): HTMLElement[] {
    const { finding, answers } = this;
    if (finding.stands !== null) return [this.standing(finding.stands)];
    const edits = finding.edits.map((each, at) => button(each.title, () => answers.edit(at)));
    const skeletons = finding.skeletons.map((each) => button(each, () => answers.begin(each), "asks-card__skeleton"));
    const found: HTMLElement[] = [];
    if (skeletons.length) found.push(group(finding.instead ? words("askopenly", "Or asked openly, in its place") : words("beginwith", "A beginning to fill in, put after the sentence"), skeletons));
    if (edits.length) found.push(group(words("orsay", "Or change the words"), edits));
    found.push(this.letStand());
    return found;
  }

  private standing(reason: string): HTMLElement {
    const box = line("div", "asks-card__group", "");
    box.append(line("p", "soft small", words("stands", "Let stand: {reason}", { reason })), button(words("askagain", "Ask again"), () => void this.answers.stand(null)));
    return box;
  }

  private letStand(): HTMLElement {
    const fold = document.createElement("details");
    fold.className = "asks-card__stand";
    const label = document.createElement("label");
    label.className = "field";
    const input = document.createElement("input");
    input.maxLength = 500;
    input.autocomplete = "off";
    label.append(line("span", "field__label", words("whystand", "Why may it stand?")), input);
    const send = (): void => {
      if (input.value.trim()) void this.answers.stand(input.value.trim());
      else input.focus();
    };
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      send();
    });
    fold.append(line("summary", "", words("letitstand", "Let it stand")), label, button(words("letstandso", "Let it stand, with this reason"), send));
    fold.addEventListener("toggle", () => fold.open && input.focus());
    return fold;
  }

  private foot(more: boolean): HTMLElement {
    const row = line("p", "row asks-card__foot", "");
    if (more) {
      row.append(button(words("askbefore", "Previous"), () => this.answers.step(-1), "button--quiet"), button(words("asknext", "Next"), () => this.answers.step(1), "button--quiet"));
    }
    row.append(button(words("askclose", "Close"), () => this.answers.close(), "button--quiet"));
    return row;
  }
}

function line(tag: string, kind: string, text: string): HTMLElement {
  const element = document.createElement(tag);
  if (kind) element.className = kind;
  element.textContent = text;
  return element;
}

function button(text: string, pressed: () => void, kind = ""): HTMLButtonElement {
  const element = document.createElement("button");
  element.type = "button";
  element.className = `button button--s ${kind}`.trim();
  element.textContent = text;
  element.addEventListener("click", pressed);
  return element;
}

function group(title: string, ways: HTMLElement[]): HTMLElement {
  const box = line("div", "asks-card__group", "");
  box.append(line("p", "soft small", title), ...ways);
  return box;
}
