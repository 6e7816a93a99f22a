/** A plain field is asked about from the moment somebody goes into it; what that needs is fetched then and not before. */
const plain = "textarea:not([data-text-url], [readonly], [spellcheck=false], [data-asks=off]), input[data-asks]";

export function startAsking(): void {
  const seen = new WeakSet<Element>();
  if (!document.querySelector("meta[name=questions]")) return;
  const begin = (target: EventTarget | null): void => {
    if (!(target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement) || seen.has(target) || !target.matches(plain)) return;
    seen.add(target);
    void import("../asks").then(({ mountAsking }) => mountAsking(target));
  };
  document.addEventListener("focusin", (event) => begin(event.target));
  begin(document.activeElement);
}
