// Steps through the file: buttons for the previous and the next step, and an address for
// each.

export function stepThroughFile(): void {
  const chooser = document.querySelector<HTMLElement>(".steps-chooser");
  if (!chooser) return;
  const radios = [...chooser.querySelectorAll<HTMLInputElement>("input")];
  const [back, on] = chooser.querySelectorAll("button");
  const at = () => radios.findIndex(({ checked }) => checked);

  const show = (index: number) => {
    const radio = radios[Math.max(0, Math.min(radios.length - 1, index))];
    if (!radio) return;
    radio.checked = true;
    history.replaceState(null, "", `#${radio.id}`);
    mark();
  };
  const mark = () => {
    if (back) back.disabled = at() === 0;
    if (on) on.disabled = at() === radios.length - 1;
  };
  const fromAddress = () => {
    const radio = radios.find(({ id }) => `#${id}` === location.hash);
    if (radio) radio.checked = true;
    mark();
  };
  back?.addEventListener("click", () => show(at() - 1));
  on?.addEventListener("click", () => show(at() + 1));
  chooser.addEventListener("change", () => show(at()));
  addEventListener("hashchange", fromAddress);
  fromAddress();
}
