// The switch between the two ways to type commands: with just, or through npx.
import { type Html, html } from "../html.ts";

/**
 * The switch. client/via.ts applies it.
 *
 * @param name A unique name within the page.
 */
export function viaSwitch(name: string): Html {
  const choice = (via: string) =>
    html`<label><input type="radio" name="${name}" value="${via}">${via}</label>`;
  return html`<span class="via looks needs-js" role="radiogroup" aria-label="Commands with">${choice("just")}${choice("npx")}</span>`;
}
