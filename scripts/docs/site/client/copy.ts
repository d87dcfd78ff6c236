// Copy buttons, which copy code without prompts, line numbers or marks.
import { button, handlesOf } from "./handles.ts";

const PLACES = "main pre, main [data-copy], main code.command";

export function addCopyButtons(): void {
  if (!navigator.clipboard) return;
  const status = document.createElement("p");
  status.className = "unseen";
  status.setAttribute("role", "status");
  document.body.append(status);

  for (const place of document.querySelectorAll<HTMLElement>(PLACES)) {
    // One button for a figure and the code in it.
    const owner =
      place.closest<HTMLElement>("[data-copy], .listing, .diff, .fence") ?? place;
    if (owner.dataset["copies"] !== undefined) continue;
    if (owner.matches("pre, .diff") || owner.closest(".drawing")) continue;
    owner.dataset["copies"] = "";
    const one = button("Copy", `Copy ${nameOf(owner)}`, async () => {
      try {
        await navigator.clipboard.writeText(textOf(owner));
        say(one, status, "Copied");
      } catch {
        say(one, status, "Cannot copy");
      }
    });
    one.classList.add("copy");
    if (owner.matches("code")) owner.after(one);
    else handlesOf(owner).append(one);
  }
}

function nameOf(owner: HTMLElement): string {
  if (owner.tagName === "CODE") return "the command";
  return owner.matches(".session") ? "what is typed" : "the code";
}

/** The text in `data-copy`, otherwise the code, without decorations. */
function textOf(owner: HTMLElement): string {
  const given = owner.dataset["copy"];
  if (given) return given;
  const code = (owner.querySelector("pre") ?? owner).cloneNode(true) as HTMLElement;
  for (const extra of code.querySelectorAll("button, .number, [data-shown]")) {
    extra.remove();
  }
  return (code.textContent ?? "").replace(/\n$/, "");
}

function say(one: HTMLButtonElement, status: HTMLElement, word: string): void {
  one.textContent = word;
  status.textContent = word;
  setTimeout(() => {
    one.textContent = "Copy";
    status.textContent = "";
  }, 1500);
}
