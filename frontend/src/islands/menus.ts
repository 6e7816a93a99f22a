/** A menu is a <details>: it closes on Escape, on a click elsewhere and when another opens. */
export function startMenus(): void {
  document.addEventListener("click", (event) => {
    const inside = (event.target as Element).closest("details.menu");
    for (const menu of openMenus()) if (menu !== inside) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of openMenus()) {
      menu.open = false;
      menu.querySelector("summary")?.focus();
    }
  });
  foldRailOnNarrowScreens();
}

function openMenus(): NodeListOf<HTMLDetailsElement> {
  return document.querySelectorAll<HTMLDetailsElement>("details.menu[open]");
}

function foldRailOnNarrowScreens(): void {
  const wide = matchMedia("(width >= 64rem)");
  const set = (): void => {
    for (const rail of document.querySelectorAll<HTMLDetailsElement>(".rail__fold")) rail.open = wide.matches;
  };
  set();
  wide.addEventListener("change", set);
}
