const forms = ".moment-form form, form[data-moment-form]";

/** The form of a moment: the second time only for “between”, Ctrl Enter sends, “leave” closes it where it stands. */
export function startMoments(): void {
  document.addEventListener("change", (event) => showUntil((event.target as Element).closest<HTMLFormElement>(forms)));
  document.addEventListener("htmx:load", () => everyForm());
  document.addEventListener("keydown", (event) => {
    const form = (event.target as Element).closest<HTMLFormElement>(forms);
    if (!form || event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    form.requestSubmit();
  });
  document.addEventListener("click", (event) => {
    const leave = (event.target as Element).closest<HTMLElement>("[data-leaves]");
    if (leave) close(leave, event);
  });
  everyForm();
}

function everyForm(): void {
  document.querySelectorAll<HTMLFormElement>(forms).forEach(showUntil);
}

function showUntil(form: HTMLFormElement | null): void {
  const when = form?.querySelector<HTMLSelectElement>('select[name$="when"]');
  const until = form?.querySelector<HTMLElement>('[name$="until"]')?.closest<HTMLElement>(".field");
  if (when && until) until.hidden = when.value !== "between";
}

function close(leave: HTMLElement, event: Event): void {
  event.preventDefault();
  const around = leave.closest<HTMLElement>("[data-line]");
  leave.closest(".moment-form")?.remove();
  around?.focus();
}
