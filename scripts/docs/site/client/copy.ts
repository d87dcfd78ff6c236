// Copy buttons: what they copy has no prompts, no line numbers and no marks.

const PLACES = "main pre, main [data-copy], main code.command";

export function addCopyButtons(): void {
  if (!navigator.clipboard) return;
  const told = document.createElement("p");
  told.className = "unseen";
  told.setAttribute("role", "status");
  document.body.append(told);

  for (const place of document.querySelectorAll<HTMLElement>(PLACES)) {
    // One button for a figure and for what stands in it.
    const owner = place.closest<HTMLElement>("[data-copy], .listing, .diff") ?? place;
    if (owner.dataset["copies"] !== undefined || owner.closest(".diff")) continue;
    owner.dataset["copies"] = "";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    button.setAttribute("aria-label", `Copy ${nameOf(owner)}`);
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(textOf(owner));
        say(button, told, "Copied");
      } catch {
        say(button, told, "Cannot copy");
      }
    });
    if (owner.matches("pre, code")) owner.after(button);
    else owner.append(button);
  }
}

function nameOf(owner: HTMLElement): string {
  if (owner.tagName === "CODE") return "the command";
  return owner.matches(".session") ? "what is typed" : "the code";
}

/** `data-copy` says it; else it is the code, without what is only shown beside it. */
function textOf(owner: HTMLElement): string {
  const given = owner.dataset["copy"];
  if (given) return given;
  const code = (owner.querySelector("pre") ?? owner).cloneNode(true) as HTMLElement;
  for (const extra of code.querySelectorAll("button, .number, [data-shown]")) {
    extra.remove();
  }
  return (code.textContent ?? "").replace(/\n$/, "");
}

function say(button: HTMLButtonElement, told: HTMLElement, word: string): void {
  button.textContent = word;
  told.textContent = word;
  setTimeout(() => {
    button.textContent = "Copy";
    told.textContent = "";
  }, 1500);
}
