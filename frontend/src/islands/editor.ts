export function mountEditor(area: HTMLTextAreaElement): void { area.classList.add("writing"); }
