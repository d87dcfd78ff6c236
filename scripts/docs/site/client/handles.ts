// The small buttons of a code block, grouped at its top right.

/** The container of a block's buttons, created on first use. */
export function handlesOf(owner: Element): HTMLElement {
  const known = owner.querySelector<HTMLElement>(".handles");
  if (known) return known;
  const place = document.createElement("span");
  place.className = "handles";
  // A diff has other controls in its caption. The buttons go before them, so that none
  // moves.
  const choices = owner.querySelector(".choices");
  if (choices) choices.prepend(place);
  else owner.append(place);
  return place;
}

export function button(text: string, label: string, press: () => Promise<void> | void) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "handle";
  made.textContent = text;
  made.setAttribute("aria-label", label);
  made.addEventListener("click", () => void press());
  return made;
}
