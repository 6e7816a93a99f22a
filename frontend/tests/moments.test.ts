import { beforeEach, expect, test } from "vitest";
import { startMoments } from "../src/islands/moments";

let sent = 0;

beforeEach(() => {
  sent = 0;
  document.body.innerHTML = `<ol><li data-line="1" tabindex="-1"><div class="moment-form"><form>
    <div><select name="a-when"><option value="exact"></option><option value="between"></option></select></div>
    <div class="field"><input name="a-until"></div><textarea></textarea><a href="#x" data-leaves>Leave</a></form></div></li></ol>`;
  document.body.onsubmit = (event) => {
    event.preventDefault();
    sent += 1;
  };
  startMoments();
});

const until = (): HTMLElement => document.querySelector<HTMLElement>(".field")!;

test("the second time is asked for only when a moment lies between two", () => {
  expect(until().hidden).toBe(true);
  const when = document.querySelector("select")!;
  when.value = "between";
  when.dispatchEvent(new Event("change", { bubbles: true }));
  expect(until().hidden).toBe(false);
});

test("Ctrl and Enter send the form, Enter alone does not", () => {
  const area = document.querySelector("textarea")!;
  area.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
  expect(sent).toBe(0);
  area.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", ctrlKey: true, bubbles: true, cancelable: true }));
  expect(sent).toBeGreaterThan(0);
});

test("leaving closes the form and the keyboard stays at its line", () => {
  document.querySelector<HTMLElement>("[data-leaves]")!.click();
  expect(document.querySelector(".moment-form")).toBeNull();
  expect(document.activeElement).toBe(document.querySelector("[data-line]"));
});

test("a form that a page made of an account holds knows the same", () => {
  document.body.innerHTML = `<form data-moment-form><select name="a-when"><option value="exact"></option></select><div class="field"><input name="a-until"></div></form>`;
  startMoments();
  expect(until().hidden).toBe(true);
});
