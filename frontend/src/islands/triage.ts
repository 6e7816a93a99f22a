export function mountTriage(list: HTMLElement): void { list.classList.add("is-ready"); }
