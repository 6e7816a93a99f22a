import { setting } from "../shared/page";
import { Asking, type Field } from "./asking";
import type { Finding } from "./reading";

type Plain = HTMLTextAreaElement | HTMLInputElement;

// what decides where each letter stands
const measures = ["fontFamily", "fontSize", "fontStyle", "fontWeight", "fontVariant", "fontStretch", "letterSpacing", "wordSpacing", "lineHeight", "textIndent", "textTransform", "textAlign", "tabSize", "direction", "paddingTop", "paddingRight", "paddingBottom", "paddingLeft", "borderTopWidth", "borderRightWidth", "borderBottomWidth", "borderLeftWidth"] as const;

/** Underlines in a plain field: a layer over it repeats its words unseen and draws the lines; the field stays what it is. */
export function mountAsking(field: Plain): void {
  const layer = new Layer(field);
  const below = document.createElement("div");
  below.className = "asks-below";
  const after = field.closest("label, .branch__row") ?? field;
  const name = field.getAttribute("aria-label") ?? field.labels?.[0]?.querySelector(".field__label")?.textContent?.trim() ?? field.labels?.[0]?.textContent?.trim() ?? "";
  const asking: Asking = new Asking(placeOf(field), {
    name,
    words: () => field.value,
    cursor: () => field.selectionStart ?? 0,
    change: ({ from, to, insert }, [first, last]) => {
      field.focus();
      field.setSelectionRange(from, to);
      // the old way of typing for somebody is the one that undo knows about
      if (!document.execCommand("insertText", false, insert)) {
        field.setRangeText(insert);
        field.dispatchEvent(new Event("input", { bubbles: true }));
      }
      field.setSelectionRange(first, last);
    },
    focus: (at) => {
      field.focus();
      field.setSelectionRange(at, at);
    },
    underline: (findings) => layer.draw(findings),
    hold: (card) => below.append(card),
  } satisfies Field);
  below.append(asking.button);
  after.after(below);
  field.addEventListener("input", () => asking.changed());
  field.addEventListener("click", () => field.selectionStart === field.selectionEnd && asking.touched(field.selectionStart ?? 0));
  field.addEventListener("keydown", (event) => {
    if (!asking.key(event as KeyboardEvent)) return;
    event.preventDefault();
    event.stopPropagation();
  });
  asking.begin();
}

export function placeOf(field: Plain): { text: string; about: string; field: string; under: string } {
  return {
    text: /[^/]+$/.exec(field.dataset["textUrl"] ?? "")?.[0] ?? "",
    about: setting("about"),
    field: field.dataset["asks"] === "question" ? "question" : "prose",
    under: field.dataset["asksUnder"] ?? "",
  };
}

class Layer {
  private readonly box = document.createElement("div");
  private readonly words = document.createElement("div");

  constructor(private readonly field: Plain) {
    this.box.className = `asks-layer${field instanceof HTMLInputElement ? " asks-layer--line" : ""}`;
    this.box.setAttribute("aria-hidden", "true");
    this.box.append(this.words);
    field.parentElement?.classList.add("asks-around");
    field.after(this.box);
    const moved = new ResizeObserver(() => this.place());
    for (const each of [field, field.parentElement]) if (each) moved.observe(each);
    field.addEventListener("scroll", () => this.follow());
    field.addEventListener("input", () => this.follow());
  }

  draw(findings: Finding[]): void {
    const text = this.field.value;
    const pieces: (string | HTMLElement)[] = [];
    let at = 0;
    for (const { from, to } of findings) {
      if (from < at) continue;
      const mark = document.createElement("span");
      mark.className = "asks-mark";
      mark.textContent = text.slice(from, to);
      pieces.push(text.slice(at, from), mark);
      at = to;
    }
    this.words.replaceChildren(...pieces, `${text.slice(at)}\n`);
    this.place();
  }

  private place(): void {
    const { field, box } = this;
    const style = getComputedStyle(field);
    for (const name of measures) box.style[name] = style[name];
    box.style.insetBlockStart = `${field.offsetTop}px`;
    box.style.insetInlineStart = `${field.offsetLeft}px`;
    const borders = parseFloat(style.borderLeftWidth) + parseFloat(style.borderRightWidth);
    box.style.inlineSize = `${field.clientWidth + borders}px`;
    box.style.blockSize = `${field.offsetHeight}px`;
    this.follow();
  }

  private follow(): void {
    this.words.style.translate = `${-this.field.scrollLeft}px ${-this.field.scrollTop}px`;
  }
}
