import htmx from "htmx.org";
import { announce, setting, words } from "../shared/page";

export function startHtmx(): void {
  Object.assign(htmx.config, {
    allowEval: false,
    allowScriptTags: false,
    includeIndicatorStyles: false,
    selfRequestsOnly: true,
    // no copy of a page is kept in the browser: going back asks the server again
    historyCacheSize: 0,
    refreshOnHistoryMiss: true,
    scrollBehavior: "auto",
    // a form sent back with its errors is a page like any other
    responseHandling: [
      { code: "204", swap: false },
      { code: "[23]..", swap: true },
      { code: "422", swap: true },
      { code: "[45]..", swap: false, error: true },
    ],
  });
  document.addEventListener("htmx:configRequest", (event) => {
    const detail = (event as CustomEvent<{ headers: Record<string, string> }>).detail;
    detail.headers["X-CSRFToken"] = setting("csrf-token");
  });
  document.addEventListener("htmx:responseError", (event) => sayWhatFailed(event as CustomEvent));
  document.addEventListener("htmx:sendError", () => showProblem(words("offline", "The server cannot be reached. Nothing you typed is lost; try again in a moment.")));
}

function sayWhatFailed(event: CustomEvent<{ xhr: XMLHttpRequest; target?: Element }>): void {
  const { status } = event.detail.xhr;
  // what others shared is no longer there for this reader: it does not stay on the screen either
  if (status === 404 && event.detail.target?.hasAttribute("data-live-leave")) event.detail.target.replaceChildren();
  if (status === 404) showProblem(words("gone", "This is no longer here. Load the page again to see how things stand."));
  else if (status === 403) showProblem(words("signedout", "Your session has ended. Sign in again in another tab, then repeat this."));
  else if (status === 413) showProblem(words("toobig", "That is more than the server takes at once."));
  else showProblem(words("failed", "That did not work ({status}). Nothing was changed.", { status }));
}

export function showProblem(text: string): void {
  const notices = document.getElementById("notices");
  if (!notices) return;
  const notice = document.createElement("div");
  notice.className = "notice notice--system";
  notice.setAttribute("role", "alert");
  const body = document.createElement("div");
  body.className = "notice__text";
  body.textContent = text;
  notice.append(document.createElement("span"), body);
  notices.replaceChildren(notice);
  notices.scrollIntoView({ block: "nearest" });
  announce(text);
}

/** Each part asks for itself: requests of one sender wait in a line that keeps only its last. */
export function fetchAgain(part: HTMLElement, address: string): Promise<void> {
  return htmx.ajax("get", address, { source: part, target: part, swap: "outerHTML" });
}
