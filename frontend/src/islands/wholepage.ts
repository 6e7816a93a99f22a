/**
 * A form or link may name a part of the page that this page has not: a moment's form stands in the timeline and also
 * on a page of its own. Then the whole page is asked for, as without script.
 */
export function startWholePage(): void {
  document.addEventListener("htmx:targetError", (event) => {
    const sender = event.target;
    if (sender instanceof HTMLFormElement) sender.submit();
    else if (sender instanceof HTMLAnchorElement) location.assign(sender.href);
  });
}
