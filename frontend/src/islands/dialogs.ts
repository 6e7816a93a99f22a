/**
 * `<button data-opens="id">` opens a dialog, `data-closes` closes the one around it, and
 * `<form data-confirm="what exactly goes">` asks before it is sent, by HTMX or without.
 */
export function startDialogs(): void {
  document.addEventListener("click", (event) => {
    const target = event.target as Element;
    const opener = target.closest<HTMLElement>("[data-opens]");
    if (opener) {
      event.preventDefault();
      document.querySelector<HTMLDialogElement>(`dialog#${CSS.escape(opener.dataset["opens"] ?? "")}`)?.showModal();
    } else if (target.closest("[data-closes]")) {
      target.closest("dialog")?.close();
    } else if (target instanceof HTMLDialogElement && target.hasAttribute("data-light")) {
      target.close();
    }
  });
  document.addEventListener("submit", holdUntilConfirmed, true);
  document.addEventListener("htmx:confirm", (event) => {
    const detail = (event as CustomEvent<{ question: string | null; issueRequest: (skip: boolean) => void }>).detail;
    if (!detail.question) return;
    event.preventDefault();
    void ask(detail.question, "").then((yes) => yes && detail.issueRequest(true));
  });
}

function holdUntilConfirmed(event: SubmitEvent): void {
  const form = event.target as HTMLFormElement;
  const button = event.submitter as HTMLButtonElement | null;
  const question = button?.dataset["confirm"] ?? form.dataset["confirm"];
  if (!question || form.dataset["confirmed"]) {
    delete form.dataset["confirmed"];
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  void ask(question, button?.textContent?.trim() ?? "").then((yes) => {
    if (!yes) return;
    form.dataset["confirmed"] = "yes";
    form.requestSubmit(button);
  });
}

export function ask(question: string, verb: string): Promise<boolean> {
  const dialog = document.querySelector<HTMLDialogElement>("dialog#confirm");
  if (!dialog) return Promise.resolve(confirm(question));
  dialog.querySelector("[data-question]")!.textContent = question;
  const yes = dialog.querySelector<HTMLButtonElement>("button[value=yes]")!;
  const usual = (yes.dataset["usual"] ??= yes.textContent ?? "");
  yes.textContent = verb || usual;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true }));
}
