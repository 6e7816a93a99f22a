import { expect, test, vi } from "vitest";
import { startWholePage } from "../src/islands/wholepage";

test("a form whose part is not on this page is sent as without script", () => {
  startWholePage();
  document.body.innerHTML = '<form action="/timeline/new" method="post"></form><form></form>';
  const [form, other] = document.querySelectorAll("form");
  const sent = vi.spyOn(form!, "submit").mockImplementation(() => undefined);
  const notSent = vi.spyOn(other!, "submit").mockImplementation(() => undefined);
  form!.dispatchEvent(new CustomEvent("htmx:targetError", { bubbles: true }));
  expect(sent).toHaveBeenCalledOnce();
  expect(notSent).not.toHaveBeenCalled();
});
