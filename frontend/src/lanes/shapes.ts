const svgSpace = "http://www.w3.org/2000/svg";

export type Given = Record<string, string | number>;

/** An SVG element with its attributes and what stands in it. Never a style: the content policy allows none in markup. */
export function shape<K extends keyof SVGElementTagNameMap>(name: K, given: Given = {}, ...inside: (Node | string)[]): SVGElementTagNameMap[K] {
  const made = document.createElementNS(svgSpace, name);
  put(made, given);
  made.append(...inside);
  return made;
}

export function put(element: Element, given: Given): void {
  for (const [name, value] of Object.entries(given)) element.setAttribute(name, String(value));
}
