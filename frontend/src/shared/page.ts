/** Small things every island needs: settings from the page's head, words in the page's language, the live region. */

export function setting(name: string): string {
  return document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? "";
}

/** The language that times and lengths are written in: English as the server writes it, the day before the month. */
export function language(): string {
  const said = document.documentElement.lang || "en";
  return said === "en" ? "en-GB" : said;
}

/** What every request to our own server carries that is answered with JSON. */
export function jsonHeaders(): Record<string, string> {
  return { "X-CSRFToken": setting("csrf-token"), Accept: "application/json" };
}

/** Texts come from the page (translated there); the English given here is what tests and a page without them show. */
export function words(key: string, english: string, values: Record<string, string | number> = {}): string {
  const text = document.querySelector<HTMLElement>(`#words [data-key="${key}"]`)?.textContent ?? english;
  return filledIn(text, values);
}

export function filledIn(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}

export function announce(text: string): void {
  const region = document.getElementById("live-region");
  if (!region) return;
  region.textContent = "";
  setTimeout(() => (region.textContent = text), 40);
}

/** What a button is about, for whoever does not see what it stands beside. */
export function beside(name: string): HTMLElement {
  const said = document.createElement("span");
  said.className = "sr";
  said.textContent = name && `: ${name}`;
  return said;
}

export function typing(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input, textarea, select, [contenteditable], .cm-editor, dialog") !== null;
}

/** Runs `mount` once for every matching element now and for those HTMX brings later. */
export function everywhere<T extends HTMLElement>(selector: string, mount: (element: T) => void): void {
  const seen = new WeakSet<Element>();
  const look = (): void => {
    for (const element of document.querySelectorAll<T>(selector)) {
      if (seen.has(element)) continue;
      seen.add(element);
      mount(element);
    }
  };
  look();
  document.addEventListener("htmx:load", look);
}
