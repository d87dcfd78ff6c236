// Creates elements, each in one line of code.

type Content = Node | string | undefined;

/** An element with attributes and content. */
export function el<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string>> = {},
  ...content: readonly Content[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...content.filter((one) => one !== undefined));
  return made;
}

/** A button with an action. */
export function button(text: string, does: () => unknown): HTMLButtonElement {
  const made = el("button", { type: "button" }, text);
  made.addEventListener("click", () => void does());
  return made;
}

/** Shows control characters as symbols. A terminal would obey them. */
export function visible(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it searches for these
  return text.replace(/[\u0000-\u0008\u000b-\u001f]/g, (one) =>
    String.fromCharCode(0x2400 + one.charCodeAt(0)),
  );
}
