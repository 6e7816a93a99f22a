const year = 31_536_000;

/** The choice shows at once and is kept in a cookie, so that the server draws the next page right from the first byte. */
export function chooseTheme(theme: string): void {
  document.documentElement.dataset["theme"] = theme;
  document.cookie = `theme=${theme}; path=/; max-age=${year}; SameSite=Lax`;
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-theme-choice]")) {
    button.setAttribute("aria-pressed", String(button.dataset["themeChoice"] === theme));
  }
}

export function startTheme(): void {
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLButtonElement>("button[data-theme-choice]");
    if (button) chooseTheme(button.dataset["themeChoice"] ?? "system");
  });
}
