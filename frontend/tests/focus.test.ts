import { beforeAll, beforeEach, expect, test } from "vitest";
import { startFocus } from "../src/islands/focus";

const said = (what: string): boolean => document.dispatchEvent(new Event(`htmx:${what}`));

beforeAll(startFocus);

beforeEach(() => {
  document.dispatchEvent(new Event("pointerdown"));
  document.body.innerHTML = `<section id="around"><ul id="rows"><li><button>Edit</button></li></ul></section>`;
});

function take(id: string): void {
  document.getElementById(id)?.replaceChildren();
}

test("what an answer takes away from the keyboard is followed by what stood around it", () => {
  document.querySelector("button")?.focus();
  said("beforeSwap");
  take("rows");
  said("afterSettle");
  expect(document.activeElement?.id).toBe("rows");
});

test("an answer that comes while another is being put in does not lose the place", () => {
  document.querySelector("button")?.focus();
  said("beforeSwap");
  take("rows");
  said("beforeSwap");
  said("afterSettle");
  expect(document.activeElement?.id).toBe("rows");
  take("around");
  said("afterSettle");
  expect(document.activeElement?.id).toBe("around");
});

test("who pressed elsewhere is not drawn back by what changes later", () => {
  document.querySelector("button")?.focus();
  said("beforeSwap");
  said("afterSettle");
  document.querySelector("button")?.blur();
  document.dispatchEvent(new Event("pointerdown"));
  said("beforeSwap");
  said("afterSettle");
  expect(document.activeElement).toBe(document.body);
});
