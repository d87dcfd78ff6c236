// The list of pages, where it opens over the page: a link in it closes it, because the link may
// lead to a section of the page below.

export function closeMenu(): void {
  const menu = document.getElementById("path");
  menu?.addEventListener("click", ({ target }) => {
    if ((target as Element).closest("a")) menu.hidePopover();
  });
}
